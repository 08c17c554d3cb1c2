; -f elf64 -w+all -DPREFIX -DSTACK_ALIGNMENT=16
; The manner of large collections of vector code: procedures with named arguments, registers by number, vector
; registers that are renamed while the code is written, and one source for several instruction sets.
%ifndef private_prefix
    %define private_prefix lib
%endif
%ifdef PREFIX
    %define mangle(x) _ %+ x
%else
    %define mangle(x) x
%endif
%ifidn __OUTPUT_FORMAT__, elf64
    %assign UNIX64 1
    %assign ARCH_64 1
%else
    %assign UNIX64 0
    %assign ARCH_64 0
%endif
%macro SECTION_DATA 0-1 16
    section .rodata align=%1
%endmacro

; Registers: r0 to r6 in the order of arguments, each with its parts.
%macro NAME_REG 5
    %define r%1q %2
    %define r%1d %3
    %define r%1w %4
    %define r%1b %5
    %define r%1 %2
    %define r%1m %2
    %ifid %3
        %define r%1mp %2
    %endif
%endmacro
NAME_REG 0, rdi, edi, di, dil
NAME_REG 1, rsi, esi, si, sil
NAME_REG 2, rdx, edx, dx, dl
NAME_REG 3, rcx, ecx, cx, cl
NAME_REG 4, r8, r8d, r8w, r8b
NAME_REG 5, r9, r9d, r9w, r9b
NAME_REG 6, rax, eax, ax, al

%assign regs_used 0
%macro LEAVE_ARGS 0-*
    %rep %0
        %undef %1q
        %undef %1d
        %undef %1w
        %undef %1b
        %rotate 1
    %endrep
%endmacro
%xdefine names_in_use
%macro NAME_ARGS 0-*
    %ifnempty names_in_use
        LEAVE_ARGS names_in_use
    %endif
    %xdefine names_in_use
    %assign %%i 0
    %rep %0
        %xdefine %1q r %+ %%i %+ q
        %xdefine %1d r %+ %%i %+ d
        %xdefine %1w r %+ %%i %+ w
        %xdefine %1b r %+ %%i %+ b
        %ifempty names_in_use
            %xdefine names_in_use %1
        %else
            %xdefine names_in_use names_in_use, %1
        %endif
        %assign %%i %%i + 1
        %rotate 1
    %endrep
%endmacro

%macro PUSH 1
    push %1
    %assign stack_offset stack_offset + 8
%endmacro
%macro POP 1
    pop %1
    %assign stack_offset stack_offset - 8
%endmacro
%macro SAVE_IF_USED 1-*
    %rep %0
        %if %1 < regs_used
            PUSH r%1
        %endif
        %rotate 1
    %endrep
%endmacro
%macro RESTORE_IF_USED 1-*
    %rep %0
        %rotate -1
        %if %1 < regs_used
            POP r%1
        %endif
    %endrep
%endmacro

; proc NAME[, arguments[, registers[, vectors]]], names…
%macro proc_begin 1-2+
    %ifempty %2
        proc_begin_internal 1, %1 %+ SUFFIX
    %else
        proc_begin_internal 1, %1 %+ SUFFIX, %2
    %endif
%endmacro
%macro proc_begin_internal 2-3+
    %ifndef proc_%2
        %xdefine %2 mangle(private_prefix %+ _ %+ %2)
        %xdefine %2.skip_prologue %2 %+ .skip_prologue
        CAT_XDEFINE proc_, %2, 1
    %endif
    %xdefine current_function %2
    %xdefine current_section __SECT__
    %if %1
        global %2:function hidden
    %else
        global %2
    %endif
    align 16
    %2:
    RESET_VECTORS
    %assign stack_offset 0
    %if %0 > 2
        PROLOGUE %3
    %endif
%endmacro
%macro CAT_XDEFINE 3
    %xdefine %1%2 %3
%endmacro
%macro PROLOGUE 2-*
    %assign num_args %1
    %assign regs_used %2
    %if regs_used < num_args
        %assign regs_used num_args
    %endif
    SAVE_IF_USED 5, 6
    %if %0 > 3
        NAME_ARGS %{4:-1}
    %elif %0 > 2
        NAME_ARGS
    %endif
%endmacro
%macro RET 0
    RESTORE_IF_USED 5, 6
    %if vector_size > 16
        vzeroupper
    %endif
    ret
%endmacro

; Vectors: m0 to m15 are what the instruction set calls them, in an order that SWAP changes.
%macro RESET_VECTORS 0
    %assign %%i 0
    %rep 16
        CAT_XDEFINE m, %%i, vector_name %+ %%i
        CAT_XDEFINE nn_, m %+ %%i, %%i
        %assign %%i %%i + 1
    %endrep
%endmacro
%macro SWAP 2-*
    %ifnum %1
        SWAP_NUMBERS %{1:-1}
    %else
        %assign %%a nn_ %+ %1
        %assign %%b nn_ %+ %2
        SWAP_NUMBERS %%a, %%b
    %endif
%endmacro
%macro SWAP_NUMBERS 2-*
    %rep %0 - 1
        %xdefine %%tmp m%1
        CAT_XDEFINE m, %1, m%2
        CAT_XDEFINE m, %2, %%tmp
        %undef %%tmp
        %rotate 1
    %endrep
%endmacro
%macro INIT 2-3
    %define vector_name %1
    %assign vector_size %2
    %assign use_avx 0
    %define SUFFIX
    %if %0 > 2
        %xdefine SUFFIX _ %+ %3
        %ifidn %3, avx
            %assign use_avx 1
        %elifidn %3, avx2
            %assign use_avx 1
        %endif
    %endif
    RESET_VECTORS
%endmacro
%macro INIT_XMM 0-1+
    %ifempty %1
        INIT xmm, 16
    %else
        INIT xmm, 16, %1
    %endif
    %define mova movdqa
    %define movu movdqu
%endmacro
%macro INIT_YMM 0-1+
    %ifempty %1
        INIT ymm, 32
    %else
        INIT ymm, 32, %1
    %endif
    %define mova vmovdqa
    %define movu vmovdqu
%endmacro

; Three operands everywhere: without AVX the first source is copied when it is not the destination.
%macro RUN_AVX 3-6
    %if use_avx
        %if %0 > 5
            v%1 %4, %5, %6
        %else
            v%1 %4, %4, %5
        %endif
    %elif %0 > 5
        %ifidn %4, %5
            %1 %4, %6
        %elifidn %4, %6
            %if %3
                %1 %4, %5
            %else
                %error destination of %1 is its second source
            %endif
        %else
            %2 %4, %5
            %1 %4, %6
        %endif
    %else
        %1 %4, %5
    %endif
%endmacro
%macro AVX_INSTR 1-2 0
    %macro %1 2-7 fnord, %1, %2
        %ifidn %3, fnord
            RUN_AVX %4, movdqa, %5, %1, %2
        %else
            RUN_AVX %4, movdqa, %5, %1, %2, %3
        %endif
    %endmacro
%endmacro
AVX_INSTR paddw, 1
AVX_INSTR psubw
AVX_INSTR pxor, 1
AVX_INSTR pmaxsw, 1

SECTION_DATA 32
ones: times 16 dw 1
%assign i 0
ramp:
%rep 16
    dw i * 3
    %assign i i + 1
%endrep

section .text align=16
%macro ADD_ROWS 0
proc_begin add_rows, 4, 7, 4, dst, src, stride, height
    mova m2, [rel ones]
    pxor m3, m3
    mov r6d, heightd
    movsxd strideq, strided
.row:
    %assign %%x 0
    %rep 64 / vector_size
        movu m0, [srcq + %%x]
        movu m1, [srcq + strideq + %%x]
        paddw m0, m1
        psubw m1, m0, m2
        pmaxsw m1, m3
        SWAP 0, 1
        movu [dstq + %%x], m0
        %assign %%x %%x + vector_size
    %endrep
    lea srcq, [srcq + strideq * 2]
    add dstq, 64
    SWAP m2, m3
    dec r6d
    jg .row
    movu [dstq], m2
    RET
%endmacro

INIT_XMM sse2
ADD_ROWS
INIT_XMM avx
ADD_ROWS
INIT_YMM avx2
ADD_ROWS

INIT_XMM
proc_begin rotate_registers, 2, 7, 0, a, b
    %assign i 0
    %rep 5
        movd m %+ i, ad
        %assign i i + 1
    %endrep
    SWAP 0, 1, 2, 3, 4
    paddw m0, m4
    paddw m1, m2, m3
    mov r6b, bb
    test aq, aq
    jz .skip_prologue
    movzx ad, bw
.skip_prologue:
    RET

%ifdef ARCH_64
    extern mangle(helper)
    proc_begin call_helper, 1, 1
    call mangle(helper) wrt ..plt
    lea r0, [rel ramp]
    RET
%endif
;= 7f 45 4c 46 02 01 01 00*9 01 00 3e 00 01 00*19 40 00*11
;= 40 00 00 00 00 00 40 00 07 00 03 00*65 01 00 00 00
;= 01 00 00 00 02 00*16 02 00 00 00 00 00 00 40 00*15 20
;= 00*15 09 00 00 00 01 00 00 00 06 00*15 40 02 00 00 00
;= 00 00 00 fd 01 00*14 10 00*15 0f 00 00 00 03 00*19 40 04
;= 00 00 00 00 00 00 34 00*15 01 00*15 19 00 00 00 02 00*19
;= 80 04 00 00 00 00 00 00 80 01 00 00 00 00 00 00
;= 05 00 00 00 0a 00 00 00 08 00 00 00 00 00 00 00
;= 18 00 00 00 00 00 00 00 21 00 00 00 03 00*20 06 00
;= 00 00 00 00 00 f5 00*15 01 00*15 29 00 00 00 04 00*20 07
;= 00 00 00 00 00 00 78 00 00 00 00 00 00 00 04 00
;= 00 00 02 00 00 00 08 00 00 00 00 00 00 00 18 00
;= 00 00 00 00 00 00 01 00 01 00 01 00 01 00 01 00
;= 01 00 01 00 01 00 01 00 01 00 01 00 01 00 01 00
;= 01 00 01 00 01 00 00 00 03 00 06 00 09 00 0c 00
;= 0f 00 12 00 15 00 18 00 1b 00 1e 00 21 00 24 00
;= 27 00 2a 00 2d 00 41 51 50 66 0f 6f 15 00 00 00
;= 00 66 0f ef db 89 c8 48 63 d2 f3 0f 6f 06 f3 0f
;= 6f 0c 16 66 0f fd c1 66 0f 6f c8 66 0f f9 ca 66
;= 0f ee cb f3 0f 7f 0f f3 0f 6f 4e 10 f3 0f 6f 44
;= 16 10 66 0f fd c8 66 0f 6f c1 66 0f f9 c2 66 0f
;= ee c3 f3 0f 7f 47 10 f3 0f 6f 46 20 f3 0f 6f 4c
;= 16 20 66 0f fd c1 66 0f 6f c8 66 0f f9 ca 66 0f
;= ee cb f3 0f 7f 4f 20 f3 0f 6f 4e 30 f3 0f 6f 44
;= 16 30 66 0f fd c8 66 0f 6f c1 66 0f f9 c2 66 0f
;= ee c3 f3 0f 7f 47 30 48 8d 34 56 48 83 c7 40 ff
;= c8 0f 8f 73 ff ff ff f3 0f 7f 1f 58 41 59 c3 90
;= 90 90 90 90 90 90 41 51 50 66 0f 6f 15 00 00 00
;= 00 c5 e1 ef db 89 c8 48 63 d2 f3 0f 6f 06 f3 0f
;= 6f 0c 16 c5 f9 fd c1 c5 f9 f9 ca c5 f1 ee cb f3
;= 0f 7f 0f f3 0f 6f 4e 10 f3 0f 6f 44 16 10 c5 f1
;= fd c8 c5 f1 f9 c2 c5 f9 ee c3 f3 0f 7f 47 10 f3
;= 0f 6f 46 20 f3 0f 6f 4c 16 20 c5 f9 fd c1 c5 f9
;= f9 ca c5 f1 ee cb f3 0f 7f 4f 20 f3 0f 6f 4e 30
;= f3 0f 6f 44 16 30 c5 f1 fd c8 c5 f1 f9 c2 c5 f9
;= ee c3 f3 0f 7f 47 30 48 8d 34 56 48 83 c7 40 ff
;= c8 7f 87 f3 0f 7f 1f 58 41 59 c3 90*11 41 51 50 c5
;= fd 6f 15 00 00 00 00 c5 e5 ef db 89 c8 48 63 d2
;= c5 fe 6f 06 c5 fe 6f 0c 16 c5 fd fd c1 c5 fd f9
;= ca c5 f5 ee cb c5 fe 7f 0f c5 fe 6f 4e 20 c5 fe
;= 6f 44 16 20 c5 f5 fd c8 c5 f5 f9 c2 c5 fd ee c3
;= c5 fe 7f 47 20 48 8d 34 56 48 83 c7 40 ff c8 7f
;= bf c5 fe 7f 1f 58 41 59 c5 f8 77 c3 41 51 50 66
;= 0f 6e c7 66 0f 6e cf 66 0f 6e d7 66 0f 6e df 66
;= 0f 6e e7 66 0f fd c8 66 0f 6f d3 66 0f fd d4 40
;= 88 f0 48 85 ff 74 03 0f b7 fe 58 41 59 c3 90*14 e8
;= 00 00 00 00 48 8d 3d 00 00 00 00 c3 00 00 00 00
;= 2e 72 6f 64 61 74 61 00 2e 74 65 78 74 00 2e 73
;= 68 73 74 72 74 61 62 00 2e 73 79 6d 74 61 62 00
;= 2e 73 74 72 74 61 62 00 2e 72 65 6c 61 2e 74 65
;= 78 74 00*37 01 00 00 00 04 00 f1 ff 00*20 03 00 01 00*21
;= 03 00 02 00*17 1c 00 00 00 00 00 01 00*17 21 00 00 00
;= 00 00 01 00 20 00*15 39 00 00 00 00 00 02 00 14 00*15
;= 62 00 00 00 00 00 02 00 c4 00*15 8b 00 00 00 00 00
;= 02 00 64 01 00*14 b8 00 00 00 00 00 02 00 de 01 00*14
;= 26 00 00 00 12 02 02 00*17 50 00 00 00 12 02 02 00
;= b0 00*15 78 00 00 00 12 02 02 00 50 01 00*14 a2 00 00
;= 00 12 02 02 00 b0 01 00*14 dc 00 00 00 10 00*19 e4 00
;= 00 00 12 02 02 00 f0 01 00*15 70 72 6f 63 65 64 75
;= 72 65 73 5f 61 6e 64 5f 76 65 63 74 6f 72 73 2e
;= 61 73 6d 00 6f 6e 65 73 00 72 61 6d 70 00 5f 6c
;= 69 62 5f 61 64 64 5f 72 6f 77 73 5f 73 73 65 32
;= 00 5f 6c 69 62 5f 61 64 64 5f 72 6f 77 73 5f 73
;= 73 65 32 2e 72 6f 77 00 5f 6c 69 62 5f 61 64 64
;= 5f 72 6f 77 73 5f 61 76 78 00 5f 6c 69 62 5f 61
;= 64 64 5f 72 6f 77 73 5f 61 76 78 2e 72 6f 77 00
;= 5f 6c 69 62 5f 61 64 64 5f 72 6f 77 73 5f 61 76
;= 78 32 00 5f 6c 69 62 5f 61 64 64 5f 72 6f 77 73
;= 5f 61 76 78 32 2e 72 6f 77 00 5f 6c 69 62 5f 72
;= 6f 74 61 74 65 5f 72 65 67 69 73 74 65 72 73 00
;= 5f 6c 69 62 5f 72 6f 74 61 74 65 5f 72 65 67 69
;= 73 74 65 72 73 2e 73 6b 69 70 5f 70 72 6f 6c 6f
;= 67 75 65 00 5f 68 65 6c 70 65 72 00 5f 6c 69 62
;= 5f 63 61 6c 6c 5f 68 65 6c 70 65 72 00*12 07 00 00
;= 00 00 00 00 00 02 00 00 00 02 00 00 00 fc ff ff
;= ff ff ff ff ff b7 00 00 00 00 00 00 00 02 00 00
;= 00 02 00 00 00 fc ff ff ff ff ff ff ff 57 01 00
;= 00 00 00 00 00 02 00 00 00 02 00 00 00 fc ff ff
;= ff ff ff ff ff f1 01 00 00 00 00 00 00 04 00 00
;= 00 0e 00 00 00 fc ff ff ff ff ff ff ff f8 01 00
;= 00 00 00 00 00 02 00 00 00 02 00 00 00 1c 00*15
