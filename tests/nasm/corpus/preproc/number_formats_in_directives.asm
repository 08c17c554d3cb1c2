; -f bin -w+all
%assign a 0x1f
%assign b 1fh
%assign c 0b101
%assign d 101b
%assign e 0o17
%assign f 17q
%assign g $1f
%assign h 1_000
%assign i 0d10
db a, b, c, d, e, f, g, i
dw h
;= 1f 1f 05 05 0f 0f 1f 0a e8 03
