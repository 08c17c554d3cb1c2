; Constants, a macro for each call, conditional assembly, 32 bits.
; format: elf32
; runs: stdout release\n
%define SYS_EXIT_GROUP 252
%define SYS_WRITE 4
%define STDOUT 1
%ifdef DEBUG
  %define TEXT "debug"
%else
  %define TEXT "release"
%endif
%macro sys_write 3
        mov eax, SYS_WRITE
        mov ebx, %1
        mov ecx, %2
        mov edx, %3
        int 0x80
%endmacro
segment .rodata
text db TEXT, 0xA
text_length equ $ - text
segment .text
global _start
_start:
        sys_write STDOUT, text, text_length
        mov eax, SYS_EXIT_GROUP
        mov ebx, 0
        int 0x80
