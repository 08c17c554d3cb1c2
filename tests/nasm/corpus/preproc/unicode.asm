; -f bin -w+all
%define greet `\u263a`
db greet
%define word_utf __utf16__('ab')
dw word_utf
db `\x41\102\e`
;= e2 98 ba 61 00 62 00 41 42 1b
