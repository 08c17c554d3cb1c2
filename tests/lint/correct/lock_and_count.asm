; runs: status 20

; Two processes that share a page add to one number.
global _start
section .text
_start:
    mov eax, 9                  ; mmap, shared
    xor edi, edi
    mov esi, 4096
    mov edx, 3
    mov r10d, 0x21
    mov r8, -1
    xor r9d, r9d
    syscall
    cmp rax, -4096
    ja failed
    mov r15, rax
    mov eax, 57
    syscall
    test eax, eax
    js failed
    mov ebp, eax
    mov ecx, 10
.count:
    lock inc dword [r15]
    loop .count
    test ebp, ebp
    jz done
    mov edi, ebp
    xor esi, esi
    xor edx, edx
    xor r10d, r10d
    mov eax, 61
    syscall
done:
    mov edi, [r15]
    mov eax, 60
    syscall
failed:
    mov edi, 1
    mov eax, 60
    syscall
