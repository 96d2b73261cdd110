BeforeAll {
    Import-Module $PSScriptRoot/../../CnnViz.psd1
    . $PSScriptRoot/TinyModel.ps1
    New-TinyModel -Path $TestDrive/tiny.onnx
    $cache = $env:CNNVIZ_CACHE
    $env:CNNVIZ_CACHE = "$TestDrive/cache"

    # A server on this machine, for as many requests as the tests make; it ends with the session.
    $probe = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Loopback, 0)
    $probe.Start()
    $port = $probe.LocalEndpoint.Port
    $probe.Stop()
    $listener = [Net.HttpListener]::new()
    $listener.Prefixes.Add("http://localhost:$port/")
    $listener.Start()
    $server = [powershell]::Create().AddScript({
        param($listener, $bytes)
        while ($listener.IsListening) {
            # GetContext may never return once the listener is stopped, and cannot be interrupted; this can.
            $asked = $listener.GetContextAsync()
            while (-not $asked.IsCompleted) {
                Start-Sleep -Milliseconds 10
            }

            $context = $asked.Result
            $context.Response.ContentLength64 = $bytes.Length
            $context.Response.Close($bytes, $true)
        }
    }).AddArgument($listener).AddArgument([IO.File]::ReadAllBytes("$TestDrive/tiny.onnx"))
    $null = $server.BeginInvoke()
    $model = [CnnViz.Catalogue.PublishedModel]@{
        Name   = 'tiny'
        Uri    = "http://localhost:$port/tiny-1.onnx"
        Sha256 = (Get-FileHash $TestDrive/tiny.onnx).Hash
    }
}

AfterAll {
    $server.Dispose()
    $listener.Close()
    $env:CNNVIZ_CACHE = $cache
}

Describe 'Save-CnnModel' {
    It 'downloads into a folder of a PSDrive' {
        $file = $model | Save-CnnModel -Path TestDrive:/models -PassThru
        $file.FullName | Should -Be "$TestDrive/models/tiny-1.onnx"
        (Get-FileHash $file).Hash | Should -Be $model.Sha256
    }

    It 'downloads into the cache, where Import-CnnModel finds it' {
        $model.CachedPath | Should -BeNullOrEmpty
        { $model | Import-CnnModel -ErrorAction Stop } | Should -Throw '*has not been downloaded*'
        $model | Save-CnnModel
        $model.CachedPath | Should -Be "$TestDrive/cache/tiny-1.onnx"
        ($model | Import-CnnModel).Name | Should -Be 'tiny'
    }

    It 'does not keep what is not the model' {
        $wrong = [CnnViz.Catalogue.PublishedModel]@{ Name = 'wrong'; Uri = "http://localhost:$port/wrong.onnx"; Sha256 = '00000000' }
        $wrong | Save-CnnModel -Path TestDrive:/wrong -ErrorVariable failures -ErrorAction SilentlyContinue
        $failures[0].FullyQualifiedErrorId | Should -BeLike 'DownloadHashMismatch,*'
        Get-ChildItem $TestDrive/wrong | Should -BeNullOrEmpty
    }
}
