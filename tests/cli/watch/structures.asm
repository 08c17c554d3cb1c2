; Calls with a structure each, for comparison with strace; the numbers are those of x86-64.
%macro call 1-7
    mov eax, %1
  %if %0 > 1
    mov rdi, %2
  %endif
  %if %0 > 2
    mov rsi, %3
  %endif
  %if %0 > 3
    mov rdx, %4
  %endif
  %if %0 > 4
    mov r10, %5
  %endif
  %if %0 > 5
    mov r8, %6
  %endif
  %if %0 > 6
    mov r9, %7
  %endif
    syscall
%endmacro
section .data
path: db "file",0
dir: db ".",0
nofile: db "/no/such",0
text: db "hello", 10
iov: dq text, 2, text+2, 4
ts: dq 0, 1000
act: dq handler, 0x04000000, rest, 0
mask: dq 0x4001
in4: dw 2
     db 0x1f,0x90, 127,0,0,1
     dq 0
in6: dw 10
     db 0x1f,0x90
     dd 0
     times 15 db 0
     db 1
     dd 0
un:  dw 1
     db "none.sock",0
pfd: dd 1
     dw 4, 0
rl:  dq 1024, 4096
itv: dq 0,0,1,0
one: dd 1
fmt: db "/proc/self/exe",0
name: db "file",0
null: db "/dev/null",0
stk: dq 0, 0, 0
epe: dd 1
     dq 7
section .bss
st: resb 256
uts: resb 512
buf: resb 4096
oact: resb 64
fds: resd 2
tsr: resq 4
sinf: resb 256
section .text
global _start
handler: ret
rest: mov eax, 15
 syscall
_start:
 call 2, path, 0, 0
 mov ebx, eax
 call 5, rbx, st
 call 0, rbx, buf, 100
 call 3, rbx
 call 4, nofile, st
 call 257, -100, dir, 0x10000, 0
 mov ebx, eax
 call 262, rbx, name, st, 0x100
 call 217, rbx, buf, 4096
 call 3, rbx
 call 20, 1, iov, 2
 call 35, ts, 0
 call 13, 10, act, oact, 8
 call 14, 0, mask, oact, 8
 call 41, 2, 1, 0
 mov ebx, eax
 call 54, rbx, 1, 2, one, 4
 call 49, rbx, in4, 16
 call 50, rbx, 5
 call 51, rbx, buf, one
 call 3, rbx
 call 41, 1, 1, 0
 mov ebx, eax
 call 42, rbx, un, 12
 call 3, rbx
 call 41, 10, 2, 0
 mov ebx, eax
 call 49, rbx, in6, 28
 call 3, rbx
 call 63, uts
 call 7, pfd, 1, 0
 call 97, 7, tsr
 call 302, 0, 7, rl, tsr
 call 9, 0, 8192, 3, 0x22, -1, 0
 mov ebx, eax
 call 10, rax, 4096, 1
 call 11, rbx, 8192
 call 22, fds
 call 293, fds, 0x80000
 call 72, 3, 3
 call 72, 3, 4, 0x800
 call 33, 1, 9
 call 8, 9, 0, 1
 call 79, buf, 100
 call 291, 0x80000
 mov ebx, eax
 call 233, rbx, 1, 3, epe
 call 232, rbx, buf, 4, 0
 call 131, 0, oact
 call 157, 15, name, 0,0,0
 call 16, 1, 0x5413, buf
 call 21, path, 4
 call 61, -1, one, 1, sinf
 call 200, 0, 0
 call 202, one, 0, 5, ts
 call 332, -100, dir, 0, 0xfff, buf
 call 262, -100, null, st, 0
 call 231, 7
