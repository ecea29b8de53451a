"""Files that QuickBooks Online imports (docs/decisions/0053-quickbooks.md)."""
