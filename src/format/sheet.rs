//! Spreadsheets as plain rows of text: the one place that knows XLSX cells.
//!
//! Bilingual files, termbases and reports decide what the columns mean; here a workbook is its first sheet.

use crate::error::{Error, Result};
use crate::read::check_archive;
use calamine::{Data, Reader, Xlsx};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, Workbook, XlsxError};
use std::io::{Cursor, Write};

/// The most characters that Excel accepts in a cell (Microsoft, "Excel specifications and limits").
pub const CELL_LIMIT: usize = 32_767;

/// Rows and columns of a sheet (Microsoft, "Excel specifications and limits"); what lies beyond is no workbook.
const SHEET: (u32, u32) = (1 << 20, 1 << 14);
/// The most cells, empty ones among them, up to the last one of each row: a full sheet of sixteen columns. A few
/// cells at the far ends of a sheet would otherwise take gigabytes.
const MOST_CELLS: usize = 16 << 20;

/// The rows of the first sheet, all cells as text. Empty rows at the end are dropped.
///
/// # Errors
/// Bytes that are no workbook, one without sheets, or one that unpacks to more than documents may
/// ([`check_archive`]).
pub fn read_rows(bytes: &[u8]) -> Result<Vec<Vec<String>>> {
    let bad = |e: calamine::XlsxError| {
        Error::malformed(format!("no readable XLSX workbook: {e}"))
            .advise("open and save it again in a spreadsheet program")
    };
    check_archive(bytes)?;
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(bad)?;
    let Some(name) = workbook.sheet_names().first().cloned() else {
        return Err(Error::malformed("the workbook has no sheet"));
    };
    let mut cells = workbook.worksheet_cells_reader(&name).map_err(bad)?;
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut count = 0;
    while let Some(cell) = cells.next_cell().map_err(bad)? {
        let (row, column) = cell.get_position();
        let content = text(&cell.get_value().clone().into());
        if content.is_empty() {
            continue;
        }
        if row >= SHEET.0 || column >= SHEET.1 {
            return Err(Error::malformed(format!("row {row} or column {column} is outside of a sheet")));
        }
        let (row, column) = (row as usize, column as usize);
        if rows.len() <= row {
            rows.resize_with(row + 1, Vec::new);
        }
        let places = &mut rows[row];
        if places.len() <= column {
            count += column + 1 - places.len();
            if count > MOST_CELLS {
                return Err(Error::malformed("the sheet has cells too far from each other")
                    .advise("copy the columns that matter into a new workbook"));
            }
            places.resize(column + 1, String::new());
        }
        places[column] = content;
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
    fn a_far_cell_keeps_its_place_and_many_are_refused() {
        let far = |rows: std::ops::Range<u32>| {
            let mut workbook = Workbook::new();
            let sheet = workbook.add_worksheet();
            for row in rows {
                sheet.write_string(row, SHEET.1 as u16 - 1, "远").unwrap();
            }
            let mut bytes = Vec::new();
            save(workbook, &mut bytes).unwrap();
            read_rows(&bytes)
        };
        let rows = far(SHEET.0 - 1..SHEET.0).unwrap();
        assert_eq!((rows.len(), rows.last().unwrap().len()), (1 << 20, 1 << 14));
        assert_eq!(rows.last().unwrap().last().unwrap(), "远");
        let many = (MOST_CELLS as u32).div_ceil(SHEET.1) + 1;
        let error = far(0..many).unwrap_err().to_string();
        assert!(error.contains("too far from each other"), "{error}");
    }

    #[test]
    fn other_bytes_are_refused() {
        assert!(read_rows(b"PK\x03\x04 no workbook").is_err());
    }
}
