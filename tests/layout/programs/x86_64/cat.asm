; Copies standard input to standard output and leaves at the end or at an error.  Read and write are system calls
; 0 and 1 for descriptors 0 and 1, so that one instruction serves both, in turns; the buffer is the stack.
global _start
_start: pop rdx                 ; the number of arguments: as many bytes at a time, one mostly
        push rsp
        pop rsi
next:   mov eax,edi
        syscall
        xchg eax,edx            ; as many bytes as were read; the old count is small
        xor edi,1
        test edx,edx
        jg next
        mov al,60               ; exit
        syscall
