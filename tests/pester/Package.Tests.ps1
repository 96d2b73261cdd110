# What somebody does with the package of a gallery: install it into an empty home, fetch libtorch from a source of NuGet packages, make a picture,
# update, and remove everything. The gallery and the source are folders; no package cache of the developer is seen.
BeforeDiscovery {
    # The home folder of a process on Windows is not a matter of its environment.
    $skip = $IsWindows
}

BeforeAll {
    . $PSScriptRoot/TinyModel.ps1
    New-TinyModel -Path $TestDrive/model.onnx
    $root = Resolve-Path $PSScriptRoot/../..
    $dotnet = $env:DOTNET_HOST_PATH ? $env:DOTNET_HOST_PATH : 'dotnet'
    $configuration = (Test-Path $root/src/CnnViz.Build/bin/Debug) ? 'Debug' : 'Release'
    $gallery, $source, $homeFolder, $empty = 'gallery', 'source', 'home', 'empty' | ForEach-Object { New-Item $TestDrive/$_ -ItemType Directory }

    function Publish-Version([string] $Version) {
        $folder = "$TestDrive/packed/$Version/CnnViz"
        $log = & $dotnet msbuild $root/src/CnnViz -t:PackModule -p:PackFolder=$folder -p:PackVersion=$Version -p:Configuration=$configuration -noLogo
        $LASTEXITCODE | Should -Be 0 -Because ($log -join "`n")
        Compress-PSResource -Path $folder -DestinationPath $gallery
        Get-Item $gallery/CnnViz.$Version.nupkg
    }

    function Invoke-Session([string] $Script) {
        $environment = "HOME=$homeFolder", "NUGET_PACKAGES=$empty", 'XDG_CACHE_HOME=', 'XDG_DATA_HOME=', 'XDG_CONFIG_HOME=', 'PSModulePath=', 'CNNVIZ_CACHE='
        Push-Location $TestDrive
        try {
            & env @environment pwsh -NoProfile -NonInteractive -Command "`$PSStyle.OutputRendering = 'PlainText'; $Script" 2>&1
        }
        finally {
            Pop-Location
        }
    }
}

Describe 'The package of a gallery' -Skip:$skip {
    BeforeAll {
        $package = Publish-Version 0.1.0
        $runtimes = Get-Content $TestDrive/packed/0.1.0/CnnViz/module/bin/runtimes.json | ConvertFrom-Json -AsHashtable
        $libtorch = $runtimes[$IsMacOS ? 'osx-arm64' : 'linux-x64']
        $restored = & $dotnet msbuild $root/src/CnnViz -t:ListFonts -getProperty:PackageRoot
        $name = "$($libtorch.id).$($libtorch.version).nupkg"
        $null = New-Item $source/$name -ItemType SymbolicLink -Target "$restored$($libtorch.id)/$($libtorch.version)/$name"
        "<configuration><packageSources><clear /><add key='carried' value='$source' /></packageSources></configuration>" > $TestDrive/nuget.config
        $shown = Invoke-Session "
            Register-PSResourceRepository local -Uri '$gallery' -Trusted
            Install-PSResource CnnViz -Repository local -Version 0.1.0
            (Get-InstalledPSResource CnnViz).Version.ToString()"
    }

    It 'is small, and installs into an empty home' {
        $package.Length | Should -BeLessThan 30MB
        $shown | Should -Be '0.1.0'
        Get-ChildItem $homeFolder -Recurse -File | Where-Object Length -GT 5MB | Should -BeNullOrEmpty
    }

    It 'has the same bytes when it is packed again' {
        $again = & $dotnet msbuild $root/src/CnnViz -t:PackModule -p:PackFolder=$TestDrive/again/CnnViz -p:PackVersion=0.1.0 -p:Configuration=$configuration -noLogo
        $LASTEXITCODE | Should -Be 0 -Because ($again -join "`n")
        $null = New-Item $TestDrive/twice -ItemType Directory
        $hashes = foreach ($folder in "$TestDrive/packed/0.1.0/CnnViz", "$TestDrive/again/CnnViz") {
            (Get-Item $folder/CnnViz.psd1).LastWriteTime = [datetime]::Now.AddHours(-(Get-Random -Minimum 1 -Maximum 1000))
            $packed = Compress-PSResource -Path $folder -DestinationPath $TestDrive/twice -PassThru
            & $dotnet exec $root/src/CnnViz.Build/bin/$configuration/net10.0/CnnViz.Build.dll settle $packed.FullName
            (Get-FileHash $packed.FullName).Hash
            Remove-Item $packed.FullName
        }

        @($hashes).Count | Should -Be 2
        $hashes[0] | Should -Be $hashes[1]
    }

    It 'has all that its README links to' {
        $folder = "$TestDrive/packed/0.1.0/CnnViz"
        $links = [regex]::Matches((Get-Content $folder/README.md -Raw), '\]\(([^)#:]+)\)').ForEach{ $_.Groups[1].Value } | Sort-Object -Unique
        @($links).Count | Should -BeGreaterThan 20
        @($links).Where{ -not (Test-Path "$folder/$_") } | Should -BeNullOrEmpty
    }

    It 'names the licence of every package of which it or the build has a file, with its text' {
        $notices = Get-Content $TestDrive/packed/0.1.0/CnnViz/THIRD-PARTY-NOTICES.txt -Raw
        $assets = Get-Content $root/src/CnnViz/obj/project.assets.json -Raw | ConvertFrom-Json -AsHashtable
        $laid = (Get-ChildItem $TestDrive/packed/0.1.0/CnnViz/module/bin, $root/module/bin -Recurse -File -Include *.dll, *.so*, *.dylib).Name | Sort-Object -Unique
        $packages = foreach ($target in $assets.targets.Values) {
            foreach ($package in $target.Keys.Where{ $target[$_].type -eq 'package' }) {
                $files = @('runtime', 'native', 'runtimeTargets').ForEach{ $target[$package][$_]?.Keys }.Where{ $_ } | ForEach-Object { $_ | Split-Path -Leaf }
                if ($files.Where{ $_ -in $laid }) {
                    ($package -split '/')[0]
                }
            }
        }

        $packages = @($packages) + @($runtimes.Values.id) + 'Avalonia.Fonts.Inter' | Sort-Object -Unique
        $packages.Count | Should -BeGreaterThan 10
        foreach ($package in $packages) {
            $notices | Should -Match "(?mi)^Package: $([regex]::Escape($package))`r?`nFiles: .+`r?`nLicence: .+" -Because 'THIRD-PARTY-NOTICES.txt names what ships'
        }

        foreach ($licence in [regex]::Matches($notices, '(?m)^Licence: (.+?)\r?$').ForEach{ $_.Groups[1].Value -split '; ' -replace '^.+: ' } | Sort-Object -Unique) {
            $notices | Should -Match "(?m)^Text of the licence $([regex]::Escape($licence))`r?`$"
        }

        $named = [regex]::Matches($notices, '(?m)^Files: (.+?)\r?$').ForEach{ $_.Groups[1].Value -split '[,()] *' }.Where{ $_ }
        $laid.Where{ $_ -notlike 'CnnViz*' }.Where{ $file = $_; -not $named.Where{ $file -like $_ } } | Should -BeNullOrEmpty
    }

    It 'does without libtorch what does not need it, and says what to type where something does' {
        Invoke-Session "
            `$null = Import-CnnModel '$TestDrive/model.onnx' -ErrorAction SilentlyContinue -ErrorVariable failure
            `$failure[0].FullyQualifiedErrorId
            `$failure[0].ErrorDetails.Message
            (Get-Help Install-CnnRuntime).Synopsis.Length -gt 0
            (Find-CnnModel -Family SqueezeNet).Count -gt 0
            (New-CnnRecipe -From Robust -Steps 3).Steps
            (TabExpansion2 'Invoke-FilterMaximization -Recipe Clas').CompletionMatches[0].CompletionText
            Install-CnnRuntime -WhatIf 6>&1 | ForEach-Object { 'shown' }" | Where-Object { $_ -notlike 'What if:*' } | Should -Be @(
            'RuntimeNotInstalled,CnnViz.Commands.ImportCnnModelCommand'
            "libtorch, which runs the networks, is not installed. Type Install-CnnRuntime; it fetches '$($libtorch.id) $($libtorch.version)' ($([math]::Round($libtorch.length / 1e6)) MB) once."
            'True', 'True', '3', 'Classic'
        )
        Test-Path $homeFolder/.cache/CnnViz/runtimes | Should -BeFalse
    }

    It 'refuses another file, and leaves nothing of it' {
        'x' > $TestDrive/$name
        Invoke-Session "
            Install-CnnRuntime -Path '$TestDrive' -ErrorAction SilentlyContinue -ErrorVariable failure
            `$failure[0].FullyQualifiedErrorId" | Should -Be 'RuntimeHashMismatch,CnnViz.Commands.InstallCnnRuntimeCommand'
        Remove-Item $TestDrive/$name
        Get-ChildItem $homeFolder -Recurse -Force -Filter *.part | Should -BeNullOrEmpty
    }

    It 'fetches libtorch from the sources of the machine, and makes pictures in the same session' {
        Invoke-Session "
            `$null = Import-CnnModel '$TestDrive/model.onnx' -ErrorAction SilentlyContinue
            (Install-CnnRuntime -PassThru).Name
            Install-CnnRuntime -Verbose 4>&1 | ForEach-Object { `$_.Message -like '*is there, whole.' }
            Import-CnnModel '$TestDrive/model.onnx' -Preprocessing Unit | Get-CnnLayer conv1 |
                Invoke-FilterMaximization 0 -Steps 2 | Export-FilterImage '$TestDrive/first' -PassThru | ForEach-Object Name" |
            Should -Be "$($libtorch.id).$($libtorch.version)", 'True', 'conv1_0000.png'
        Get-ChildItem $empty -Force | Should -BeNullOrEmpty
    }

    It 'keeps libtorch when it is updated' {
        $null = Publish-Version 0.1.1
        Invoke-Session "
            Update-PSResource CnnViz -Repository local
            Import-CnnModel '$TestDrive/model.onnx' -Preprocessing Unit | Get-CnnLayer conv1 |
                Invoke-FilterMaximization 0 -Steps 2 | Export-FilterImage '$TestDrive/second' -PassThru | ForEach-Object Name
            (Get-Module CnnViz).Version.ToString()" | Should -Be 'conv1_0000.png', '0.1.1'
        (Get-FileHash $TestDrive/second/conv1_0000.png).Hash | Should -Be (Get-FileHash $TestDrive/first/conv1_0000.png).Hash
    }

    It 'removes libtorch and itself' {
        Invoke-Session "
            Uninstall-CnnRuntime
            Uninstall-CnnRuntime
            Uninstall-PSResource CnnViz -Version '*'
            @(Get-Module CnnViz -ListAvailable).Count" | Should -Be 0
        Get-ChildItem $homeFolder -Recurse -File | Where-Object { $_.Length -gt 1MB } | Should -BeNullOrEmpty
    }
}
