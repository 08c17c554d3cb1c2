//! tcp-check and http-check against real servers on loopback; probe against this kernel.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv6Addr, SocketAddr, TcpListener};
use std::process::{Child, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};

use tinyelf::elf::records::Machine;
use tinyelf::layout::Kind;

use crate::build::{build, command, run, write};
use crate::patience;
use crate::templates::{everywhere, program};

/// What is answered to a path.
fn answer(path: &str) -> &'static str {
    match path {
        "/" | "/ok" => "HTTP/1.1 200 OK\r\n\r\n",
        "/empty" => "HTTP/1.0 204 No Content\r\n\r\n",
        "/moved" => "HTTP/1.1 301 Moved\r\n\r\n",
        "/error" => "HTTP/1.1 500 Oops\r\n\r\n",
        "/short" => "HTTP/1.1 20",
        "/other" => "SSH-2.0-Open 200\r\n",
        "/2" => "HTTP/1.1 020 OK\r\n\r\n",
        _ => "",
    }
}

/// A server that answers every request, one byte at a time, and hands on what it was asked.
fn serve(address: &str) -> Option<(SocketAddr, Receiver<String>)> {
    let listener = TcpListener::bind((address, 0)).ok()?;
    let bound = listener.local_addr().unwrap();
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            stream.set_nodelay(true).unwrap();
            let mut request = String::new();
            let mut reader = BufReader::new(stream.try_clone().unwrap());
            while reader.read_line(&mut request).is_ok_and(|n| n > 2) {}
            let path = request.split(' ').nth(1).unwrap_or("").to_owned();
            for byte in answer(&path).bytes() {
                // One that has seen enough goes away.
                if stream.write_all(&[byte]).is_err() {
                    break;
                }
            }
            if sender.send(request).is_err() {
                return;
            }
        }
    });
    Some((bound, receiver))
}

/// Runs a check on every machine and in every layout: its argument is read when it runs.
fn check(name: &str, arguments: &[&str], status: i32) {
    everywhere(name, &[], |machine, bytes, place| {
        let Some(output) = run(machine, bytes, arguments, b"") else { return };
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(status), "{place} {arguments:?} {said}");
        assert_eq!(said.is_empty(), status < 2, "{place} {arguments:?} {said}");
    });
}

#[test]
fn tcp_check_connects_over_both_families() {
    let (four, _requests) = serve("127.0.0.1").unwrap();
    let port = four.port().to_string();
    check("tcp-check", &[&port], 0);
    check("tcp-check", &[&format!("127.0.0.1:{port}"), "--timeout", "5"], 0);
    check("tcp-check", &[&format!("[::ffff:7f00:1]:{port}")], 0);
    // Nothing listens on a port that was just given back.
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    check("tcp-check", &[&closed.to_string()], 1);
    check("tcp-check", &[&format!("127.0.0.1:{closed}")], 1);
    if let Some((six, _requests)) = serve("::1") {
        let port = six.port();
        for address in ["::1", "0:0:0:0:0:0:0:1", "0::1", "::0:0:1", "0000::0001"] {
            check("tcp-check", &[&format!("[{address}]:{port}")], 0);
        }
        check("tcp-check", &[&format!("[::2]:{port}"), "--timeout=1"], 1);
    }
}

#[test]
fn an_address_that_cannot_be_read_is_refused_with_2() {
    let wrong = [
        "",
        "x",
        ":1",
        "0",
        "65536",
        "80x",
        "99999999999999999999",
        "1.2.3:4",
        "1.2.3.4.5:6",
        "1.2.3.256:7",
        "1.2.3.4",
        "1.2.3.4:",
        "1..2.3:4",
        "[::1]",
        "[::1]:",
        "[::1]:x",
        "[::1:80",
        "[]:80",
        "[:]:80",
        "[:1]:80",
        "[1:2:3:4:5:6:7]:80",
        "[1:2:3:4:5:6:7:8:9]:80",
        "[1::2::3]:80",
        "[1:]:80",
        "[12345::]:80",
        "[:::]:80",
        "[::g]:80",
        "[::1]:1.2.3.4:80",
    ];
    // The parser is the same on all machines: the emulators see a few of them.
    for (number, target) in wrong.into_iter().enumerate() {
        for machine in Machine::ALL {
            if number % 7 != 0 && machine != Machine::X86_64 {
                continue;
            }
            for name in ["tcp-check", "http-check"] {
                let bytes = program(name, machine, Kind::Compact, &[]);
                let Some(output) = run(machine, &bytes, &[target], b"") else { continue };
                let said = String::from_utf8_lossy(&output.stderr).into_owned();
                assert_eq!(output.status.code(), Some(2), "{name} {} {target:?}", machine.name());
                assert!(said.starts_with(&format!("{name}: expected [ADDRESS:]PORT")), "{target:?} {said}");
            }
        }
    }
    check("tcp-check", &["80/path"], 2);
    for arguments in [&[][..], &["1", "2"], &["--timeout"], &["--timeout", "0", "1"], &["--speed=9", "1"]] {
        check("http-check", arguments, 2);
    }
}

#[test]
fn every_ipv6_address_is_read_as_the_standard_library_reads_it() {
    use crate::random::Random;
    // The connection fails at once; strace would show the address, but the program can print it itself.
    let text = crate::templates::text("tcp-check");
    let (reading, _) = text.split_once("fd = socket").unwrap();
    let printing = format!("{reading}write(1, peer + 8, 16)\n");
    let bytes = build(&printing, Machine::X86_64, Kind::Compact).unwrap();
    let file = write(&bytes);
    let mut random = Random::new(3);
    for _ in 0..150 {
        let groups: [u16; 8] =
            std::array::from_fn(|_| [0, 0, 1, 0xabcd, random.next() as u16][random.below(5) as usize]);
        let address = Ipv6Addr::from(groups);
        // The library writes the last two groups of some addresses with dots.
        let shown = address.to_string();
        if shown.contains('.') {
            continue;
        }
        let Some(mut printer) = command(Machine::X86_64, &file) else { return };
        let output = printer.arg(format!("[{shown}]:1")).output().unwrap();
        assert_eq!(output.stdout, address.octets(), "{shown}");
    }
}

#[test]
fn http_check_asks_for_a_path_and_takes_success_alone() {
    let (server, requests) = serve("127.0.0.1").unwrap();
    let port = server.port();
    for (path, status) in [
        ("", 0),
        ("/ok", 0),
        ("/empty", 0),
        ("/moved", 1),
        ("/error", 1),
        ("/short", 1),
        ("/other", 1),
        ("/2", 1),
        ("/nothing", 1),
    ] {
        check("http-check", &[&format!("127.0.0.1:{port}{path}")], status);
    }
    requests.try_iter().for_each(drop);
    let bytes = program("http-check", Machine::X86_64, Kind::Compact, &[]);
    for (target, path, host) in [
        (format!("{port}/ok?a=b"), "/ok?a=b", format!("127.0.0.1:{port}")),
        (format!("127.0.0.1:{port}"), "/", format!("127.0.0.1:{port}")),
        (format!("[::ffff:7f00:1]:{port}/"), "/", format!("[::ffff:7f00:1]:{port}")),
    ] {
        if run(Machine::X86_64, &bytes, &[&target], b"").is_some() {
            let asked = requests.recv_timeout(Duration::from_secs(10)).unwrap();
            assert_eq!(asked, format!("GET {path} HTTP/1.0\r\nHost: {host}\r\nConnection: close\r\n\r\n"));
        }
    }
    if let Some((six, _requests)) = serve("::1") {
        check("http-check", &[&format!("[::1]:{}/ok", six.port())], 0);
        check("http-check", &[&format!("[::1]:{}/error", six.port())], 1);
    }
}

#[test]
fn what_is_given_at_build_time_is_fixed() {
    let (server, _requests) = serve("127.0.0.1").unwrap();
    let target = format!("{}/ok", server.port());
    everywhere("http-check", &[("target", &target), ("timeout", "3")], |machine, bytes, place| {
        if let Some(output) = run(machine, bytes, &["1", "--timeout", "x"], b"") {
            assert_eq!(output.status.code(), Some(0), "{place}");
        }
    });
    everywhere("tcp-check", &[("target", "127.0.0.1:0")], |machine, bytes, place| {
        if let Some(output) = run(machine, bytes, &[], b"") {
            assert_eq!(output.status.code(), Some(2), "{place}");
        }
    });
}

/// Checks that a program gives up when its second is over.
fn gives_up(name: &str, target: &str) {
    let started: Vec<(String, Instant, Child)> = Machine::ALL
        .into_iter()
        .filter_map(|machine| {
            let file = write(&program(name, machine, Kind::Compact, &[]));
            let child = patience::spawn(command(machine, &file)?.args([target, "--timeout", "1"])).unwrap();
            Some((format!("{name} {}", machine.name()), Instant::now(), child))
        })
        .collect();
    for (place, start, mut child) in started {
        assert_eq!(child.wait().unwrap().code(), Some(1), "{place}");
        let took = start.elapsed();
        assert!((900..9_000).contains(&took.as_millis()), "{place} {took:?}");
    }
}

#[test]
fn http_check_gives_up_when_the_whole_time_is_over() {
    // Two servers: one that never answers, one that says a byte now and then.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    gives_up("http-check", &silent.local_addr().unwrap().port().to_string());
    let dripping = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = dripping.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in dripping.incoming() {
            std::thread::spawn(move || {
                let mut stream = stream.unwrap();
                for byte in "HTTP/1.1 200 OK\r\n".bytes() {
                    std::thread::sleep(Duration::from_millis(400));
                    if stream.write_all(&[byte]).is_err() {
                        break;
                    }
                }
            });
        }
    });
    gives_up("http-check", &port.to_string());
}

#[test]
fn tcp_check_gives_up_when_nobody_takes_the_connection() {
    // A queue of one that is full: the kernel drops what comes next.  The standard library's queue is too long.
    let full = "
        data address { u16 AF_INET; u16 0; ipv4 127.0.0.1; zero 8 }
        space bound 16
        mut data size { u32 16 }
        fd = socket(AF_INET, SOCK_STREAM, 0)
        bind(fd, address)
        listen(fd, 0)
        getsockname(fd, bound, size)
        n = 0
        while n < 4 { connect(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), bound); n = n + 1 }
        write(1, bound)
        read(0, bound)";
    let file = write(&build(full, Machine::X86_64, Kind::Compact).unwrap());
    let Some(mut server) = command(Machine::X86_64, &file) else { return };
    let mut server = server.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut bound = [0; 16];
    server.stdout.take().unwrap().read_exact(&mut bound).unwrap();
    gives_up("tcp-check", &u16::from_be_bytes([bound[2], bound[3]]).to_string());
    drop(server.stdin.take());
    server.wait().unwrap();
}

#[test]
fn probe_exits_with_the_errno_of_its_call() {
    let check = |parameters: &[(&str, &str)], status: i32| {
        everywhere("probe", parameters, |machine, bytes, place| {
            if let Some(output) = run(machine, bytes, &["9", "9"], b"") {
                assert_eq!(output.status.code(), Some(status), "{place} {parameters:?}");
            }
        });
    };
    check(&[("call", "getpid")], 0);
    check(&[("call", "close"), ("a", "-1")], 9);
    check(&[("call", "openat"), ("a", "AT_FDCWD"), ("b", "/nonexistent/file")], 2);
    check(&[("call", "openat"), ("a", "-100"), ("b", "/"), ("c", "O_RDONLY|O_DIRECTORY")], 0);
    check(&[("call", "openat"), ("a", "-100"), ("b", "/"), ("c", "O_WRONLY | O_CLOEXEC")], 21);
    check(&[("call", "5000")], 38);
    check(&[("call", "lseek"), ("a", "0xffff"), ("c", "SEEK_CUR")], 9);
}

#[test]
fn probe_reads_numbers_and_text_when_it_runs() {
    for (machine, close, openat) in [
        (Machine::X86_64, "3", "257"),
        (Machine::I386, "6", "295"),
        (Machine::Aarch64, "57", "56"),
        (Machine::Riscv64, "57", "56"),
    ] {
        for layout in [Kind::Standard, Kind::Compact] {
            let bytes = program("probe", machine, layout, &[]);
            let check = |arguments: &[&str], status: i32| {
                if let Some(output) = run(machine, &bytes, arguments, b"") {
                    assert_eq!(output.status.code(), Some(status), "{} {arguments:?}", machine.name());
                }
            };
            check(&[close, "-1"], 9);
            check(&[close, "0xff"], 9);
            check(&[openat, "-100", "/", "0"], 0);
            check(&[openat, "-100", "/nonexistent"], 2);
            check(&[openat, "-100", "0x"], 2);
            check(&["close"], 2);
            check(&[], 2);
        }
    }
}
