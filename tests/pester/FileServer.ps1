# A server of one file on this machine, for downloads. It knows ranges, can be slow, and remembers what it was asked.

<#
.SYNOPSIS
    Starts it, and gives what drives it: Address, Content, TrickleBy (bytes after which it waits 50 ms; 0 for all at once), Requests (the range
    that each asked for, empty for the whole file).
#>
function Start-FileServer([byte[]]$Content, [string]$File) {
    $probe = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Loopback, 0)
    $probe.Start()
    $port = $probe.LocalEndpoint.Port
    $probe.Stop()
    $listener = [Net.HttpListener]::new()
    $listener.Prefixes.Add("http://localhost:$port/")
    $listener.Start()
    $server = [hashtable]::Synchronized(@{
        Address   = "http://localhost:$port/$File"
        Content   = $Content
        TrickleBy = 0
        Requests  = [Collections.ArrayList]::Synchronized([Collections.ArrayList]::new())
        Listener  = $listener
    })
    $server.Job = Start-ThreadJob {
        $server = $using:server
        while ($server.Listener.IsListening) {
            # GetContext may never return once the listener is stopped, and cannot be interrupted; this can.
            $asked = $server.Listener.GetContextAsync()
            while (-not $asked.IsCompleted) {
                Start-Sleep -Milliseconds 10
            }

            $request, $response = $asked.Result.Request, $asked.Result.Response
            $content = $server.Content
            $range = "$($request.Headers['Range'])"
            $null = $server.Requests.Add($range)
            $from = $range -match '^bytes=(\d+)-' ? [int]$Matches[1] : 0
            if ($from -gt 0) {
                $response.StatusCode = 206
                $response.Headers['Content-Range'] = "bytes $from-$($content.Length - 1)/$($content.Length)"
            }

            try {
                $response.Headers['ETag'] = '"first"'
                $response.ContentLength64 = $content.Length - $from
                $step = $server.TrickleBy -gt 0 ? $server.TrickleBy : $content.Length
                for ($sent = $from; $sent -lt $content.Length; $sent += $step) {
                    $response.OutputStream.Write($content, $sent, [Math]::Min($step, $content.Length - $sent))
                    $response.OutputStream.Flush()
                    Start-Sleep -Milliseconds ($server.TrickleBy -gt 0 ? 50 : 0)
                }

                $response.Close()
            }
            catch {
                # The other side went away.
                $response.Abort()
            }
        }
    }
    $server
}

function Stop-FileServer([hashtable]$Server) {
    Remove-Job $Server.Job -Force
    $Server.Listener.Close()
}
