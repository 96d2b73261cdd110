BeforeDiscovery {
    Import-Module $PSScriptRoot/../../CnnViz.psd1
    $cmdlets = foreach ($cmdlet in (Get-Module CnnViz).ExportedCmdlets.Values) {
        $help = Get-Help $cmdlet.Name -Full
        @{
            Name       = $cmdlet.Name
            Help       = $help
            Parameters = foreach ($parameter in @($help.parameters.parameter)) {
                @{ Parameter = $parameter; ParameterName = $parameter.name }
            }
            Examples   = foreach ($example in @($help.examples.example)) {
                @{ Example = $example; Title = $example.title.Trim(' -') }
            }
        }
    }
}

BeforeAll {
    Import-Module $PSScriptRoot/../../CnnViz.psd1
    . $PSScriptRoot/TinyModel.ps1
    $common = [Management.Automation.PSCmdlet]::CommonParameters
    $cache = $env:CNNVIZ_CACHE
    $env:CNNVIZ_CACHE = "$TestDrive/cache"
}

AfterAll {
    $env:CNNVIZ_CACHE = $cache
}

Describe 'Get-Help <Name>' -ForEach $cmdlets {
    BeforeAll {
        # One folder for all examples of a cmdlet: they run one after the other, as a reader would try them.
        $folder = New-Item -ItemType Directory (Join-Path $TestDrive $Name)
        New-TinyModel -Path $folder/model.onnx
        Import-CnnModel $folder/model.onnx | Get-CnnLayer conv1 |
            Invoke-FilterMaximization -Filter 0 -Size 48 | Export-FilterImage -Path $folder/photo.jpg -Format Jpeg
    }

    It 'has a synopsis that is a sentence, not the syntax' {
        $Help.Synopsis | Should -Match '^[A-Z].*\.$'
        $Help.Synopsis | Should -Not -Match ([regex]::Escape($Name))
    }

    It 'has a description' {
        ($Help.description | Out-String).Trim() | Should -Not -BeNullOrEmpty
    }

    It 'has the parameters of the cmdlet, and no others' {
        $real = (Get-Command $Name).Parameters.Keys.Where{ $_ -notin $common }
        $Help.parameters.parameter.name | Sort-Object | Should -Be ($real | Sort-Object)
    }

    It 'has the syntax of the cmdlet, set by set' {
        $real = foreach ($set in (Get-Command $Name).ParameterSets) {
            $parameters = $set.Parameters.Where{ $_.Name -notin $common }
            ($parameters.ForEach{ '{0} {1} {2}' -f $_.Name, $_.IsMandatory, $_.Position } | Sort-Object) -join '; '
        }
        $shown = foreach ($item in @($Help.syntax.syntaxItem)) {
            $parameters = $item.parameter.ForEach{
                $position = $_.position -eq 'named' ? [int]::MinValue : [int]$_.position
                '{0} {1} {2}' -f $_.name, [bool]::Parse($_.required), $position
            }
            ($parameters | Sort-Object) -join '; '
        }
        $shown | Sort-Object | Should -Be ($real | Sort-Object)
    }

    It 'explains -<ParameterName>' -ForEach $Parameters {
        ($Parameter.description | Out-String).Trim() | Should -Match '\.$'
    }

    It 'says what goes in and what comes out' {
        @($Help.inputTypes.inputType).Count | Should -BeGreaterThan 0
        @($Help.returnValues.returnValue).type.name | Should -Be (Get-Command $Name).OutputType.Name
    }

    It 'has three examples or more' {
        @($Help.examples.example).Count | Should -BeGreaterOrEqual 3
    }

    It 'has links to topics that exist' {
        foreach ($link in @($Help.relatedLinks.navigationLink).Where{ -not $_.uri }) {
            Get-Help $link.linkText | Should -Not -BeNullOrEmpty
        }
    }

    It 'has an example that runs: <Title>' -ForEach $Examples {
        $Example.code | Should -Not -BeNullOrEmpty
        ($Example.remarks | Out-String).Trim() | Should -Not -BeNullOrEmpty
        Push-Location $folder
        try {
            $ErrorActionPreference = 'Stop'
            $before = @(Get-ChildItem -Recurse -File).Count
            $shown = & ([scriptblock]::Create($Example.code)) | Out-String
            $written = @(Get-ChildItem -Recurse -File).Count - $before
            if ($Example.code -notmatch 'Show-FilterImage') {
                # What goes to the screen is not seen here.
                ($shown.Trim().Length + $written -gt 0) -xor ($Example.code -match "-WhatIf") | Should -BeTrue
            }
        }
        finally {
            Pop-Location
        }
    }
}

Describe 'Get-Help about_CnnViz' {
    It 'is one topic with a short description' {
        $topic = @(Get-Help about_CnnViz)
        $topic.Count | Should -Be 1
        $topic[0] | Should -Match '(?m)^SHORT DESCRIPTION$'
        $topic[0] | Should -Match 'Invoke-FilterMaximization'
    }
}

Describe 'Get-Help' {
    It 'still finds the help <How>' -ForEach @(
        @{ How = 'after a second import'; Script = 'Import-Module {0} -Force' }
        @{ How = 'after the module was removed'; Script = 'Remove-Module CnnViz; Import-Module {0}' }
        @{ How = 'in a culture of its own'; Script = "[cultureinfo]::CurrentUICulture = 'de-DE'" }
        @{ How = 'in the invariant culture'; Script = "[cultureinfo]::CurrentUICulture = ''" }
    ) {
        $manifest = Resolve-Path $PSScriptRoot/../../CnnViz.psd1
        $shell = [powershell]::Create()
        try {
            $text = $shell.AddScript("Import-Module '$manifest'; $($Script -f "'$manifest'"); (Get-Help Get-CnnLayer).Synopsis").Invoke()
            $text | Should -Be (Get-Help Get-CnnLayer).Synopsis
            $shell.Streams.Error | Should -BeNullOrEmpty
        }
        finally {
            $shell.Dispose()
        }
    }
}
