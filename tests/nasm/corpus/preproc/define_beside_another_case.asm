; -f bin -w+all
%idefine word_a 1
%define WORD_A 2
db word_a, WORD_A, Word_A
%undef WORD_A
db WORD_A
%define word_b 3
%idefine WORD_B 4
db word_b, WORD_B
%undef WORD_B
db word_b
;= 3: warning: case sensitive definition of macro `WORD_A' will shadow insensitive macro `word_a' [-w+pp-macro-def-case-single]
;= 6: error: symbol `WORD_A' not defined
;= 8: warning: case insensitive definition of macro `WORD_B' will shadow sensitive macro `word_b' [-w+pp-macro-def-case-single]
