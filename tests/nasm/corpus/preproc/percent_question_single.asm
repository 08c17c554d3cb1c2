; -f bin -w+all
%idefine Foo db %str(%?), %str(%??)
foo
FOO
;= 66 6f 6f 46 6f 6f 46 4f 4f 46 6f 6f
