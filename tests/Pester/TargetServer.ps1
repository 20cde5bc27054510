# HTTP server of a test, in a runspace of this process. $server.Files maps paths to @{ Text = ...; ETag = ... } or
# @{ Redirect = ... }, and $server.Requests lists the requests.
function Start-TargetServer {
    $server = [hashtable]::Synchronized(@{
            Files    = [hashtable]::Synchronized(@{})
            Requests = [Collections.ArrayList]::Synchronized([Collections.ArrayList]::new())
        })
    $listener = $null
    while (-not $listener) {
        $free = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Loopback, 0)
        $free.Start()
        $server.Uri = "http://127.0.0.1:$($free.LocalEndpoint.Port)"
        $free.Stop()
        $listener = [Net.HttpListener]::new()
        $listener.Prefixes.Add("$($server.Uri)/")
        try { $listener.Start() } catch [Net.HttpListenerException] { $listener = $null }
    }
    $server.Listener = $listener
    $server.Shell = [powershell]::Create().AddScript({
            param($server)
            while ($server.Listener.IsListening) {
                try { $context = $server.Listener.GetContext() } catch { return }
                $request, $response = $context.Request, $context.Response
                $null = $server.Requests.Add("$($request.HttpMethod) $($request.RawUrl)")
                $file = $server.Files[$request.Url.AbsolutePath]
                if (-not $file) { $response.StatusCode = 404 }
                elseif ($file.Status) { $response.StatusCode = $file.Status }
                elseif ($file.Redirect) {
                    $response.StatusCode = 302
                    $response.Headers['Location'] = $file.Redirect
                }
                else {
                    $bytes = [Text.Encoding]::UTF8.GetBytes($file.Text)
                    $response.Headers['ETag'] = """$($file.ETag)"""
                    $response.ContentLength64 = $bytes.Length
                    if ($request.HttpMethod -eq 'GET') { $response.OutputStream.Write($bytes, 0, $bytes.Length) }
                }
                $response.Close()
            }
        }).AddArgument($server)
    $null = $server.Shell.BeginInvoke()
    $server
}

function Stop-TargetServer($Server) {
    $Server.Listener.Close()
    $Server.Shell.Dispose()
}
