; -f bin -w+all
%use altreg
bits 64
mov r0, r1
mov r0d, r7d
mov r3w, r2w
mov r0l, r1h
mov r4l, r5l
mov r6, r7
mov r8l, r15l
;= 48 89 c8 89 f8 66 89 d3 88 e8 40 88 ec 48 89 fe
;= 45 88 f8
