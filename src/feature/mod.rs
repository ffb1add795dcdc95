//! What a segment offers for comparison: numbers, dates, symbols, names by sound.
