//! Spreadsheets as plain rows of text: the one place that knows XLSX cells.
//!
//! Bilingual files, termbases and reports decide what the columns mean; here a workbook is its first sheet.

use crate::error::{Error, Result};
use calamine::{Data, Reader, Xlsx};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, Workbook, XlsxError};
use std::io::{Cursor, Write};

/// The most characters that Excel accepts in a cell (Microsoft, "Excel specifications and limits").
pub const CELL_LIMIT: usize = 32_767;

/// The rows of the first sheet, all cells as text. Empty rows at the end are dropped.
///
/// # Errors
/// Bytes that are no workbook, or one without sheets.
pub fn read_rows(bytes: &[u8]) -> Result<Vec<Vec<String>>> {
    let bad = |e: calamine::XlsxError| {
        Error::malformed(format!("no readable XLSX workbook: {e}"))
            .advise("open and save it again in a spreadsheet program")
    };
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(bad)?;
    let Some(name) = workbook.sheet_names().first().cloned() else {
        return Err(Error::malformed("the workbook has no sheet"));
    };
    let range = workbook.worksheet_range(&name).map_err(bad)?;
    // The used range may start below A1; columns and rows keep their places.
    let (top, left) = range.start().map_or((0, 0), |(r, c)| (r as usize, c as usize));
    let mut rows: Vec<Vec<String>> = vec![Vec::new(); top];
    for row in range.rows() {
        let mut cells = vec![String::new(); left];
        cells.extend(row.iter().map(text));
        rows.push(cells);
    }
    while rows.last().is_some_and(|r| r.iter().all(String::is_empty)) {
        rows.pop();
    }
    Ok(rows)
}

fn text(cell: &Data) -> String {
    match cell {
        Data::Empty => String::new(),
        other => other.to_string(),
    }
}

/// A workbook of one sheet: a bold frozen header, wrapped text, every cell a string and so never a formula.
/// `widths` are in characters, one a column.
///
/// # Errors
/// More rows than a sheet holds, a cell over [`CELL_LIMIT`] characters, or the writer's own.
pub fn write_rows(rows: &[Vec<String>], widths: &[f64], out: &mut dyn Write) -> Result<()> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    let plain = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    let bold = plain.clone().set_bold();
    for (column, width) in (0..).zip(widths) {
        sheet.set_column_width(column, *width).map_err(trouble)?;
    }
    for (r, row) in (0..).zip(rows) {
        for (c, cell) in (0..).zip(row) {
            let format = if r == 0 { &bold } else { &plain };
            sheet.write_string_with_format(r, c, cell, format).map_err(trouble)?;
        }
    }
    sheet.set_freeze_panes(1, 0).map_err(trouble)?;
    save(workbook, out)
}

/// Writes a workbook: the same cells give the same bytes, whenever they are written.
pub(super) fn save(mut workbook: Workbook, out: &mut dyn Write) -> Result<()> {
    let epoch = ExcelDateTime::from_ymd(2000, 1, 1).map_err(trouble)?;
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&epoch));
    Ok(out.write_all(&workbook.save_to_buffer().map_err(trouble)?)?)
}

/// What the writer of workbooks could not do.
pub(super) fn trouble(e: XlsxError) -> Error {
    Error::malformed(format!("cannot write the workbook: {e}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_come_back_as_they_were() {
        let rows: Vec<Vec<String>> = vec![
            vec!["source".into(), "target".into()],
            vec!["=1+1 是“公式”\n吗？".into(), "a\t<b> & 𠮷".into()],
            vec!["12".into(), String::new()],
        ];
        let mut bytes = Vec::new();
        write_rows(&rows, &[40.0, 40.0], &mut bytes).expect("the rows can be written");
        let mut back = read_rows(&bytes).expect("the workbook can be read");
        back[2].resize(2, String::new());
        assert_eq!(back, rows);
        let mut again = Vec::new();
        write_rows(&rows, &[40.0, 40.0], &mut again).expect("the rows can be written");
        assert_eq!(bytes, again);
    }

    #[test]
    fn other_bytes_are_refused() {
        assert!(read_rows(b"PK\x03\x04 no workbook").is_err());
    }
}
