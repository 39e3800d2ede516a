// Programs where a document, a picture or a recording should be. Headers are followed far enough that
// compressed data does not look like one by chance.

rule windows_program
{
    meta:
        outcome = "refused"
        reason = "type_mismatch"
        why = "There is a Windows program in it."
    strings:
        $mz = { 4D 5A [58] ?? 0? 00 00 [0-1024] 50 45 00 00 (4C 01 | 64 86 | 64 AA | C4 01) }
    condition:
        for any i in (1..#mz) : ( uint32(@mz[i] + uint32(@mz[i] + 0x3C)) == 0x00004550 )
}

rule linux_program
{
    meta:
        outcome = "refused"
        reason = "type_mismatch"
        why = "There is a Linux program in it."
    strings:
        $little = { 7F 45 4C 46 (01 | 02) 01 01 ?? ?? 00 00 00 00 00 00 00 (02 | 03) 00 ?? ?? 01 00 00 00 }
        $big = { 7F 45 4C 46 (01 | 02) 02 01 ?? ?? 00 00 00 00 00 00 00 00 (02 | 03) ?? ?? 00 00 00 01 }
    condition:
        any of them
}

rule apple_program
{
    meta:
        outcome = "refused"
        reason = "type_mismatch"
        why = "There is a macOS program in it."
    strings:
        $wide = { CF FA ED FE (07 | 0C) 00 00 01 ?? 00 00 (00 | 80) (02 | 06 | 08) 00 00 00 }
        $narrow = { CE FA ED FE (07 | 0C) 00 00 00 ?? 00 00 00 (02 | 06 | 08) 00 00 00 }
        $universal = { CA FE BA BE 00 00 00 0? (00 | 01) 00 00 (07 | 0C) }
    condition:
        any of them
}

rule java_class
{
    meta:
        outcome = "refused"
        reason = "type_mismatch"
        why = "There is a Java class in it."
    strings:
        $class = { CA FE BA BE 00 00 00 (2D | 2E | 2F | 3? | 4?) ?? ?? (01 | 03 | 04 | 05 | 06 | 07 | 08 | 09 | 0A | 0B | 0C) }
        $object = "java/lang/Object"
    condition:
        all of them
}

rule web_assembly
{
    meta:
        outcome = "refused"
        reason = "type_mismatch"
        why = "There is a WebAssembly program in it."
    strings:
        $module = { 00 61 73 6D 01 00 00 00 (00 | 01) }
    condition:
        $module
}

rule windows_shortcut
{
    meta:
        outcome = "refused"
        reason = "type_mismatch"
        why = "There is a Windows shortcut in it, which can start programs."
    strings:
        $link = { 4C 00 00 00 01 14 02 00 00 00 00 00 C0 00 00 00 00 00 00 46 }
    condition:
        $link
}

rule office_macros
{
    meta:
        outcome = "refused"
        reason = "active_content"
        why = "There is an Office document with macros in it."
    strings:
        $ole = { D0 CF 11 E0 A1 B1 1A E1 }
        $project = "_VBA_PROJECT" wide
        $auto_open = /(Auto_?(Open|Exec|Close)|(Document|Workbook|Presentation)_?(Open|Activate|BeforeClose))/ ascii wide nocase
        $code = "Attribute VB_" ascii wide
    condition:
        $ole and ($project or ($auto_open and $code))
}
