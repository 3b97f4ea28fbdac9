"""Far ends to run against without hardware or an account: an ION and a label printer."""
