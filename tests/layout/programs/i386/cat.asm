; Copies standard input to standard output and leaves at the end or at an error.  Read and write are system calls
; 3 and 4 for descriptors 0 and 1, so that one instruction serves both, in turns; the buffer is the stack.
global _start
_start: mov ecx,esp
        mov dl,255
next:   lea eax,[ebx+3]
        int 0x80
        xchg eax,edx            ; as many bytes as were read; the old count is below 256
        xor ebx,1
        test edx,edx
        jg next
        mov al,1                ; exit
        int 0x80
