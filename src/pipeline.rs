//! The table of contents of the program: every stage, called once, in order.
