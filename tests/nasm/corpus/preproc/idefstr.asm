; -f bin -w+all
%idefstr Text hello
db TEXT, text
;= 68 65 6c 6c 6f 68 65 6c 6c 6f
