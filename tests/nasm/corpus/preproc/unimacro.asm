; -f bin -w+all
%imacro Foo 0
db 1
%endmacro
%unmacro foo 0
foo
%unimacro FOO 0
%ifmacro foo
db 2
%endif
;= 01
