; runs: status 15

; A linked list on the heap: each node has a value and the address of the next.
struc node
    .value: resq 1
    .next:  resq 1
endstruc

global _start
section .text
_start:
    mov eax, 12
    xor edi, edi
    syscall
    mov [top], rax
    xor r12, r12
    mov r13, 5
.build:
    mov edi, node_size
    call allocate
    mov [rax+node.value], r13
    mov [rax+node.next], r12
    mov r12, rax
    dec r13
    jnz .build
    xor edi, edi
.sum:
    test r12, r12
    jz .done
    add rdi, [r12+node.value]
    mov r12, [r12+node.next]
    jmp .sum
.done:
    mov eax, 60
    syscall

allocate:
    push rdi
    add rdi, [top]
    mov eax, 12
    syscall
    pop rdi
    mov rax, [top]
    add [top], rdi
    ret

section .bss
top: resq 1
