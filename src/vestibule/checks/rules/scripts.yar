// Scripts that fetch or unpack something and start it. In a text they are only words, until somebody
// gives the file another ending; each rule asks for both halves of the deed.

rule powershell_encoded_command
{
    meta:
        outcome = "infected"
        reason = "infected"
        why = "A PowerShell command whose text is hidden."
    strings:
        $a = /(powershell|pwsh)(\.exe)?['"]?\s[^\r\n]{0,200}[\-\/]e(c|n|nc|nco|ncod|ncode|ncoded|ncodedcommand)?\s{1,8}['"]?[A-Za-z0-9+\/]{40}/ ascii wide nocase
    condition:
        $a
}

rule powershell_downloads_and_runs
{
    meta:
        outcome = "suspicious"
        reason = "check_pending"
        why = "A PowerShell command that fetches a program and starts it out of sight."
    strings:
        $fetch = /(DownloadString|DownloadFile|DownloadData|Invoke-WebRequest|Start-BitsTransfer)/ ascii wide nocase
        $run = /(\biex\b|Invoke-Expression|Start-Process|Invoke-Item)/ ascii wide nocase
        $hide = /-w(indowstyle)?\s{1,8}['"]?(hidden\b|1\b)/ ascii wide nocase
    condition:
        all of them
}

rule script_host_dropper
{
    meta:
        outcome = "infected"
        reason = "infected"
        why = "A script for Windows that fetches or writes a program and starts it."
    strings:
        $shell = /(CreateObject|ActiveXObject)\s{0,4}\(\s{0,4}['"](WScript\.Shell|Shell\.Application)['"]/ ascii wide nocase
        $fetch = /(MSXML2\.(Server)?XMLHTTP|Microsoft\.XMLHTTP|WinHttp\.WinHttpRequest|ADODB\.Stream|URLDownloadToFile)/ ascii wide nocase
        $run = /(\.Run\b|\.Exec\b|\.ShellExecute\b)/ ascii wide nocase
    condition:
        all of them
}

rule script_host_hidden_shell
{
    meta:
        outcome = "infected"
        reason = "infected"
        why = "A script for Windows that starts a command shell."
    strings:
        $shell = /(CreateObject|ActiveXObject)\s{0,4}\(\s{0,4}['"]WScript\.Shell['"]/ ascii wide nocase
        $run = /(\.Run|\.Exec)\s{0,4}\(?\s{0,4}['"][^\r\n'"]{0,40}(powershell|cmd(\.exe)?\s{1,4}\/c|mshta|rundll32|regsvr32|certutil|bitsadmin)/ ascii wide nocase
    condition:
        all of them
}

rule batch_downloader
{
    meta:
        outcome = "infected"
        reason = "infected"
        why = "A Windows command that fetches or unpacks a program with a system tool and starts it."
    strings:
        $certutil = /\bcertutil(\.exe)?\s[^\r\n]{0,200}[\-\/](urlcache|decode|decodehex)\s[^\r\n]{0,300}\.(exe|dll|bat|cmd|vbs|js|ps1|scr|hta|txt|b64)/ ascii wide nocase
        $bits = /\bbitsadmin(\.exe)?\s[^\r\n]{0,200}\/transfer\s[^\r\n]{0,300}https?:/ ascii wide nocase
        $run = /(^|[\r\n&]|&&)\s{0,8}(start|call|cmd(\.exe)?\s{1,4}\/c|rundll32|%(temp|tmp|appdata|public)%)/ ascii wide nocase
    condition:
        ($certutil or $bits) and $run
}

rule remote_script_by_system_tool
{
    meta:
        outcome = "infected"
        reason = "infected"
        why = "A Windows command that runs a script straight from the network."
    strings:
        $mshta = /\bmshta(\.exe)?['"]?\s{1,8}['"]?(https?:|javascript:|vbscript:)/ ascii wide nocase
        $regsvr = /\bregsvr32(\.exe)?\s[^\r\n]{0,100}\/i:\s{0,2}['"]?https?:[^\r\n]{0,300}scrobj/ ascii wide nocase
        $rundll = /\brundll32(\.exe)?\s{1,8}javascript:/ ascii wide nocase
    condition:
        any of them
}

rule reverse_shell
{
    meta:
        outcome = "suspicious"
        reason = "check_pending"
        why = "A command that hands a shell to another machine."
    strings:
        $bash = /(ba)?sh\s{1,4}-i\s{0,4}>&?\s{0,4}\/dev\/(tcp|udp)\/[^\s\/]{1,100}\/\d{1,5}/
        $netcat = /\bnc(at)?\s[^\r\n|]{0,100}-e\s{1,4}(\/bin\/(ba)?sh|cmd(\.exe)?)\b/
    condition:
        any of them
}

rule html_smuggling
{
    meta:
        outcome = "infected"
        reason = "infected"
        why = "A web page that builds a file in the browser and saves it."
    strings:
        $script = /(<(html|body|head)[^<>]{0,200}>|[>\r\n])\s{0,40}<script[\s>]/ nocase
        $blob = /new\s{1,4}Blob\s{0,4}\(/
        $save = /(msSaveOrOpenBlob|msSaveBlob|\.download\s{0,4}=|setAttribute\(\s{0,4}['"]download['"])/
        $decode = /(\batob\s{0,4}\(|fromCharCode|Uint8Array|charCodeAt)/
        $click = /(\.click\s{0,4}\(|dispatchEvent|msSaveOrOpenBlob|msSaveBlob)/
    condition:
        all of them
}

rule spreadsheet_starts_program
{
    meta:
        outcome = "suspicious"
        reason = "check_pending"
        why = "A cell that starts another program."
    strings:
        $dde = /[=+\-@][^\r\n,;]{0,40}\b(cmd|powershell|mshta|msexcel|rundll32|regsvr32|certutil)(\.exe)?\s{0,4}\|\s{0,4}['"]/ ascii wide nocase
    condition:
        family == "text" and $dde
}
