# The package, moved elsewhere, on a machine without a package cache: TorchSharp would search that for libraries that are missing.
BeforeAll {
    . $PSScriptRoot/TinyModel.ps1
    New-TinyModel -Path $TestDrive/model.onnx
    $root = Resolve-Path $PSScriptRoot/../..
}

Describe 'The package' {
    BeforeAll {
        $dotnet = $env:DOTNET_HOST_PATH ? $env:DOTNET_HOST_PATH : 'dotnet'
        $log = & $dotnet msbuild $root/src/CnnViz -t:PackModule -p:PackFolder=$TestDrive/package/CnnViz -noLogo
        $LASTEXITCODE | Should -Be 0 -Because ($log -join "`n")
        $null = New-Item $TestDrive/empty -ItemType Directory
        Move-Item $TestDrive/package $TestDrive/moved
    }

    It 'works elsewhere without a package cache' {
        $cache = $env:NUGET_PACKAGES
        try {
            $env:NUGET_PACKAGES = "$TestDrive/empty"
            $shown = pwsh -NoProfile -NonInteractive -Command "
                Import-Module '$TestDrive/moved/CnnViz/CnnViz.psd1'
                Import-CnnModel '$TestDrive/model.onnx' -Preprocessing Unit | Get-CnnLayer conv1 |
                    Invoke-FilterMaximization 0 -Steps 2 | Export-FilterImage '$TestDrive' -PassThru | ForEach-Object Name
                (Get-Module CnnViz).ModuleBase" 2>&1
        }
        finally {
            $env:NUGET_PACKAGES = $cache
        }

        $shown | Should -Be 'conv1_0000.png', (Get-Item $TestDrive/moved/CnnViz).FullName
        Get-ChildItem $TestDrive/empty -Force | Should -BeNullOrEmpty
    }
}
