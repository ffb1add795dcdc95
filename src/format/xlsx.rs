//! XLSX for reviewers: a pair a row in the columns of the CSV, coloured by confidence, with a list of statuses to
//! choose from. It is read back with what the reviewer changed.
//!
//! Every cell is written as a string or a number and never as a formula.

use super::csv::{COLUMNS, from_rows, rows};
use super::sheet::{self, CELL_LIMIT, trouble};
use super::{WriteOptions, Written};
use crate::error::{Error, Result};
use crate::model::{Bitext, Status};
use rust_xlsxwriter::{
    Color, ConditionalFormat2ColorScale, DataValidation, Format, FormatAlign, Workbook, Worksheet,
};
use std::io::Write;

/// Widths of the columns in characters: two texts side by side on a landscape page, then what is known of the pair.
const WIDTHS: [f64; COLUMNS.len()] = [60.0, 60.0, 16.0, 9.0, 11.0, 14.0, 12.0, 12.0, 16.0];
/// Columns that hold numbers, so that a spreadsheet sorts them.
const NUMBERS: [&str; 2] = ["score", "confidence"];
/// Rows below the header that a sheet holds (Microsoft, "Excel specifications and limits").
const ROW_LIMIT: usize = 1_048_575;

pub(super) fn write(bitext: &Bitext, out: &mut dyn Write, options: &WriteOptions) -> Result<Written> {
    let mut written = Written::default();
    let rows: Vec<Vec<String>> = rows(bitext, options, &mut written).collect();
    if rows.len() > ROW_LIMIT {
        return Err(Error::malformed(format!("{} pairs are more than a sheet holds", rows.len()))
            .advise("write CSV, or convert parts of the file"));
    }
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    fill(sheet, &rows, &mut written)?;
    sheet::save(workbook, out)?;
    Ok(written)
}

fn fill(sheet: &mut Worksheet, rows: &[Vec<String>], written: &mut Written) -> Result<()> {
    let plain = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    let bold = plain.clone().set_bold();
    for (column, (name, width)) in (0..).zip(COLUMNS.iter().zip(WIDTHS)) {
        sheet.set_column_width(column, width).map_err(trouble)?;
        sheet.write_string_with_format(0, column, *name, &bold).map_err(trouble)?;
    }
    for (r, row) in (1..).zip(rows) {
        for (c, (cell, name)) in (0..).zip(row.iter().zip(COLUMNS)) {
            let number = NUMBERS.contains(&name).then(|| cell.parse::<f64>().ok()).flatten();
            match number {
                Some(number) => sheet.write_number_with_format(r, c, number, &plain),
                None => {
                    let text = super::xml_safe(cell, &mut written.replaced);
                    if text.chars().count() > CELL_LIMIT {
                        return Err(Error::malformed(format!(
                            "pair {r}: a text has more than the {CELL_LIMIT} characters that a cell holds"
                        ))
                        .advise("write CSV or TMX"));
                    }
                    sheet.write_string_with_format(r, c, text, &plain)
                }
            }
            .map_err(trouble)?;
        }
    }
    sheet.set_freeze_panes(1, 0).map_err(trouble)?;
    let Ok(last) = u32::try_from(rows.len()) else { return Ok(()) };
    if last == 0 {
        return Ok(());
    }
    let column = |name: &str| (0u16..).zip(COLUMNS).find(|(_, n)| *n == name).map_or(0, |(k, _)| k);
    sheet.autofilter(0, 0, last, column("moved-to")).map_err(trouble)?;
    let statuses: Vec<String> = Status::ALL.iter().map(Status::to_string).collect();
    let choice = DataValidation::new().allow_list_strings(&statuses).map_err(trouble)?;
    let status = column("status");
    sheet.add_data_validation(1, status, last, status, &choice).map_err(trouble)?;
    // Red to green, as translators know it from their tools; 0.5 is a coin's toss.
    let colours = ConditionalFormat2ColorScale::new()
        .set_minimum(rust_xlsxwriter::ConditionalFormatType::Number, 0.5)
        .set_maximum(rust_xlsxwriter::ConditionalFormatType::Number, 1)
        .set_minimum_color(Color::RGB(0x00F8_696B))
        .set_maximum_color(Color::RGB(0x0063_BE7B));
    let confidence = column("confidence");
    sheet.add_conditional_format(1, confidence, last, confidence, &colours).map_err(trouble)?;
    Ok(())
}

pub(super) fn read(bytes: &[u8]) -> Result<Bitext> {
    let rows = (1..).zip(sheet::read_rows(bytes)?).filter(|(_, row)| row.iter().any(|cell| !cell.is_empty()));
    // A last cell that is empty is not stored.
    let full = rows.map(|(k, mut row)| {
        row.resize(row.len().max(2), String::new());
        (k, row)
    });
    from_rows(full.collect(), "XLSX")
}
