"""The billing basis of a month (R23): a line for each ticket, the exceptions, and what each payer owes."""
