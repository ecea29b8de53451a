"""The demo book: an invented moving company with three years of customers, leads and jobs."""
