//! What nasm warns of is warned of here, under the same name.

use tinyelf::isa::x86::Bits;

use crate::batch::{mode, names_of_warnings, nasm_warnings};
use crate::oracle;

const LINES: [&str; 50] = [
    "shl eax,-1",
    "shl eax,-128",
    "shl eax,255",
    "shl eax,256",
    "rol byte [rax],-1",
    "int -1",
    "in al,-1",
    "in al,300",
    "out -1,al",
    "enter -1,-1",
    "enter 5,-1",
    "roundss xmm0,xmm1,-1",
    "roundss xmm0,xmm1,-129",
    "vroundss xmm0,xmm0,xmm1,-1",
    "pshufd xmm0,xmm1,-1",
    "pshufd xmm0,xmm1,-129",
    "bt eax,-1",
    "add al,-1",
    "add al,-129",
    "add al,-257",
    "mov al,-1",
    "mov al,-257",
    "push byte 200",
    "add eax,byte 200",
    "ret -1",
    "vpslld xmm1,xmm2,-129",
    "kshiftlb k1,k2,-129",
    "pinsrw xmm1,eax,-1",
    "add ax,large",
    "add eax,large",
    "cmp ax,large",
    "mov eax,word ebx",
    "mov word eax,ebx",
    "mov eax,dword ebx",
    "lock mov eax,ebx",
    "lock add [rax],ebx",
    "lock add eax,[rbx]",
    "xacquire mov [rax],ebx",
    "xrelease mov [rax],ebx",
    "xacquire xchg [rax],ebx",
    "xacquire lock add [rax],ebx",
    "xacquire add ebx,[rax]",
    "mov al,[byte 0x12345678]",
    "mov ebx,[qword 0x1234]",
    "o16 mov eax,ebx",
    "mov eax,[es:rax]",
    "mov eax,[gs:rax]",
    "cs nop",
    "ss lodsb",
    "fs movsb",
];

#[test]
fn odd_instructions_are_warned_of_under_nasms_names() {
    let Some(nasm) = oracle::find("nasm") else { return };
    let mut wrong = Vec::new();
    for line in LINES {
        let text = format!("{}{line}\nlarge equ 0xffff\n", mode(Bits::B64));
        let (theirs, ours) = (nasm_warnings(&nasm, &text), names_of_warnings(&text));
        if theirs != ours {
            wrong.push(format!("{line}: nasm {theirs:?}, ours {ours:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
