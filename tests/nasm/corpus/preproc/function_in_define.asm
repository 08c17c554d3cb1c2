; -f bin -w+all
%define log(x) %cond(%isempty(x), 0, x)
db log(), log(5)
%define join(a, b) %tok(%strcat(%str(a), "_", %str(b)))
join(x, y): db 1
dw x_y
;= 00 05 01 02 00
