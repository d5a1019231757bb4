# Refused: only the files that are named are read.
# expect: V0203 line 4
	.text
	.include "other.inc"
