//! Bilingual files: one file a format; the only place that knows their bytes.
