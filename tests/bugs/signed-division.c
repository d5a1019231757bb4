/* Divisions of extended shorts: the remainder is not proved, since only one side narrows its quotient. */
short quotient(short a, short b) { return b ? a / b : 0; }
