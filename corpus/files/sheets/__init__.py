"""Sheets of workbooks and texts of fields, made into tables whose every line tells its row."""
