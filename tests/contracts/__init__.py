"""What every implementation of a port has to do. A test subclasses the class and gives it a world."""
