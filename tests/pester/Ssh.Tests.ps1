# Pictures from another host over SSH: a server of our own on this machine, with keys that live as long as the test.
BeforeDiscovery {
    $server = Get-Command sshd, /usr/sbin/sshd -ErrorAction Ignore | Select-Object -First 1
    $reason = $IsWindows ? 'sshd is a service on Windows' : -not $server ? 'sshd is not installed' :
        -not (Get-Command ssh, ssh-keygen -ErrorAction Ignore | Select-Object -Skip 1) ? 'ssh is not installed' : ''
}

Describe 'A picture from another host' -Skip:([bool]$reason) {
    BeforeAll {
        Import-Module $PSScriptRoot/../../CnnViz.psd1
        . $PSScriptRoot/TinyModel.ps1
        $manifest = (Resolve-Path $PSScriptRoot/../../CnnViz.psd1).Path
        New-TinyModel -Path $TestDrive/model.onnx

        'key', 'hostkey' | ForEach-Object { ssh-keygen -q -t ed25519 -N '' -f $TestDrive/$_ }
        $listener = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Loopback, 0)
        $listener.Start()
        $port = $listener.LocalEndpoint.Port
        $listener.Stop()

        # PowerShell may be a .NET tool, which asks for .NET's folder; sshd hands no variables on.
        Set-Content $TestDrive/sshd_config @"
ListenAddress 127.0.0.1
Port $port
HostKey $TestDrive/hostkey
PidFile none
AuthorizedKeysFile $TestDrive/key.pub
StrictModes no
PasswordAuthentication no
PermitRootLogin yes
SetEnv DOTNET_ROOT=$env:DOTNET_ROOT
Subsystem powershell $((Get-Command pwsh).Source) -sshs -NoLogo -NoProfile
"@
        if ((id -u) -eq 0) {
            # Where it gives its rights up.
            $null = New-Item -ItemType Directory -Force /run/sshd
        }

        $program = (Get-Command sshd, /usr/sbin/sshd -ErrorAction Ignore | Select-Object -First 1).Source
        $sshd = Start-Process $program -PassThru -ArgumentList '-D', '-e', '-f', "$TestDrive/sshd_config" -RedirectStandardError $TestDrive/sshd.log
        $patience = [datetime]::UtcNow.AddSeconds(30)
        while (-not (Select-String 'Server listening' $TestDrive/sshd.log -Quiet) -and -not $sshd.HasExited -and [datetime]::UtcNow -lt $patience) {
            Start-Sleep -Milliseconds 50
        }

        $session = New-PSSession -HostName 127.0.0.1 -Port $port -UserName (id -un) -KeyFilePath $TestDrive/key -ConnectingTimeout 60000 -Options @{
            StrictHostKeyChecking = 'no'; UserKnownHostsFile = '/dev/null'; LogLevel = 'ERROR'
        }
        $make = {
            param($manifest, $model)
            Import-Module $manifest
            Import-CnnModel $model | Get-CnnLayer conv1, conv2 | Invoke-FilterMaximization 0 -Steps 5 -Size 24
        }
        $there = @(Invoke-Command $session $make -ArgumentList $manifest, "$TestDrive/model.onnx")
        $here = @(& $make $manifest "$TestDrive/model.onnx")
    }

    AfterAll {
        Remove-PSSession $session -ErrorAction Ignore
        $sshd.Kill($true)
    }

    It 'comes with its host, and becomes the same file as one from here, to the byte' {
        $there.PSComputerName | Should -Be '127.0.0.1', '127.0.0.1'
        $there | Export-FilterImage $TestDrive/there
        $here | Export-FilterImage $TestDrive/here
        foreach ($name in 'conv1_0000.png', 'conv2_0000.png') {
            (Get-FileHash $TestDrive/there/$name).Hash | Should -Be (Get-FileHash $TestDrive/here/$name).Hash
        }
    }

    It 'is data, which PowerShell makes of what comes by SSH, and a picture for cmdlets and by a cast' {
        $image = [CnnViz.Ascent.FilterImage] $there[0]
        $image.Tensor.shape | Should -Be $here[0].Tensor.shape
        $image.Layer, $image.Activation | Should -Be $here[0].Layer, $here[0].Activation
        "$($there[0].Activations)" | Should -Be "$($here[0].Activations)"
    }
}

if ($reason) {
    Describe "A picture from another host, which cannot be tried: $reason" {
        It 'is skipped' -Skip {
        }
    }
}
