; A macro that brings its own text along, used twice.
; runs: stdout one\ntwo\n
%macro print 1+
  [section .rodata]
%%text: db %1
%%size  equ $ - %%text
  __?SECT?__
        mov eax, 1
        mov edi, 1
        lea rsi, [rel %%text]
        mov edx, %%size
        syscall
%endmacro
%macro exit 0-1 0
        mov edi, %1
        mov eax, 60
        syscall
%endmacro
        section .text
        global _start
_start: print "one", 10
        print "two", 10
        exit
