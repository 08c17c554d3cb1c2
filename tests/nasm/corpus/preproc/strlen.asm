; -f bin -w+all
%strlen n 'hello'
db n
%define text "four"
%strlen m text
db m
%strlen e ''
db e
%strlen u `\u263a`
db u
%strlen bad five
;= 11: error: `%strlen' requires string as second parameter
