; Procedures with a frame and arguments on the stack, called through a macro, 32 bits.
; format: elf32
; runs: status 12
%macro invoke 1-*
  %define %%name %1
  %rep %0 - 1
    %rotate -1
        push dword %1
  %endrep
        call %%name
%endmacro
        section .text
        global _start
largest:
        enter 4, 0
        mov eax, [ebp + 8]
        mov [ebp - 4], eax
        mov eax, [ebp + 12]
        cmp eax, [ebp - 4]
        jle .third
        mov [ebp - 4], eax
.third: mov eax, [ebp + 16]
        cmp eax, [ebp - 4]
        jle .done
        mov [ebp - 4], eax
.done:  mov eax, [ebp - 4]
        leave
        ret 12
_start: invoke largest, 4, 12, 9
        mov ebx, eax
        mov eax, 1
        int 0x80
