; -f bin -w+all
%define n 5
%define e
%macro m 2
%endmacro
%push ctx
db %is(n > 4), %is(0), %isn(1)
db %isdef(n), %isndef(n), %isdef(zz)
db %isempty(e), %isempty(n), %isnempty(e)
db %isid(abc), %isid(5), %isnid(5)
db %isidn(a, a), %isidn(a, A), %isidni(a, A), %isnidni(a, b)
db %isnum(5), %isnum(x), %isnnum(x)
db %isstr('a'), %isstr(a), %isnstr(a)
db %istoken(a), %istoken(a b), %isntoken(a)
db %ismacro(m), %ismacro(m 2), %ismacro(m 1), %isnmacro(q)
db %isctx(ctx), %isctx(other), %isnctx(other)
db %isenv(GREETING), %isnenv(NOBODY)
db %isusable(fp), %isusing(fp)
%pop
;= 01 00 00 01 00 00 01 00 00 01 00 01 01 00 01 01
;= 01 00 01 01 00 01 01 00 00 01 01 00 01 01 00 01
;= 01 01 01 00
