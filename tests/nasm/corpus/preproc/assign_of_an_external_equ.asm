; -f elf64 : symbols
there equ foo
%assign number there
        dd number
extern foo
;= 3: error: non-constant value given to `%assign'
