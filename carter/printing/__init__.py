"""Paper: invoices, credit notes, receipts and statements as PDF. It knows no tables of money."""
