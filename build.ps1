#!/usr/bin/env pwsh

<#
.SYNOPSIS
    Builds, shows, tests, packs or cleans CnnViz.

.DESCRIPTION
    Build      lays the importable module down: Import-Module ./CnnViz.psd1 works afterwards.
    FirstLook  builds the module, and runs examples/first-look.ps1: pictures of the built-in model, in out/first-look.
    Test       builds, and runs all tests, the Pester suites included.
    Pack       builds, and makes artifacts/CnnViz and of it artifacts/CnnViz.<version>.nupkg, the package for a gallery, for all systems.
    Clean      removes everything that the other tasks made.

.EXAMPLE
    dotnet dnx --yes powershell@7.6.9 ./build.ps1 -Task FirstLook

    Where only the .NET SDK is installed: it fetches PowerShell, and runs it.

.EXAMPLE
    ./build.ps1

.EXAMPLE
    ./build.ps1 -Task Clean, Test

.EXAMPLE
    ./build.ps1 -Task Pack -Certificate (Get-Item Cert:/CurrentUser/My/<thumbprint>)

    On Windows: signs the scripts and assemblies of the package. Publish-PSResource -NupkgPath artifacts/CnnViz.0.1.0.nupkg then publishes it.
#>
[CmdletBinding()]
param(
    [ValidateSet('Build', 'FirstLook', 'Test', 'Pack', 'Clean')]
    [string[]] $Task = 'Build',

    # If left out, Release for Pack, and for the others Debug, as dotnet build and dotnet test have it. The engine is optimized in both.
    [ValidateSet('Debug', 'Release')]
    [string] $Configuration,

    # Runtime identifier of the native libraries, such as linux-x64 or osx-arm64; this machine's, if left out.
    [string] $Runtime,

    # Pack signs with it, where Set-AuthenticodeSignature is there: on Windows.
    [Security.Cryptography.X509Certificates.X509Certificate2] $Certificate
)

$ErrorActionPreference = 'Stop'

function Invoke-DotNet {
    $properties = if ($Runtime) { "-p:ModuleRuntime=$Runtime" }
    & dotnet @args @properties
    if ($LASTEXITCODE -ne 0) {
        throw "dotnet $($args[0]) failed with exit code $LASTEXITCODE."
    }
}

# What a machine that only runs signed scripts looks at, and our own assemblies. The others are signed by those who made them, or not.
function Set-Signature([string] $Folder) {
    $files = Get-ChildItem $Folder -Recurse -Include *.psd1, *.psm1, *.ps1xml, CnnViz*.dll
    foreach ($signature in Set-AuthenticodeSignature $files -Certificate $Certificate -HashAlgorithm SHA256) {
        if ($signature.Status -ne 'Valid') {
            throw "'$($signature.Path)' is not signed: $($signature.StatusMessage)"
        }
    }
}

foreach ($name in $Task) {
    $as = @('-c', ($Configuration ? $Configuration : $name -eq 'Pack' ? 'Release' : 'Debug'))
    switch ($name) {
        Build {
            Invoke-DotNet build $PSScriptRoot @as
        }
        FirstLook {
            Invoke-DotNet build (Join-Path $PSScriptRoot src CnnViz) @as
            & (Join-Path $PSScriptRoot examples first-look.ps1) -Destination (Join-Path $PSScriptRoot out first-look)
        }
        Test {
            Invoke-DotNet test $PSScriptRoot @as
        }
        Pack {
            Invoke-DotNet build (Join-Path $PSScriptRoot src CnnViz) @as '-p:ForPackage=true'
            Invoke-DotNet msbuild (Join-Path $PSScriptRoot src CnnViz) '-t:PackModule' "-p:Configuration=$($as[1])" -noLogo
            $artifacts = Join-Path $PSScriptRoot artifacts
            if ($Certificate) {
                Set-Signature (Join-Path $artifacts CnnViz)
            }

            Get-Item (Join-Path $artifacts *.nupkg) | Remove-Item
            $package = Compress-PSResource (Join-Path $artifacts CnnViz) -DestinationPath $artifacts -PassThru
            & dotnet exec (Join-Path $PSScriptRoot src CnnViz.Build bin $as[1] net10.0 CnnViz.Build.dll) settle $package.FullName
            if ($LASTEXITCODE -ne 0) {
                throw "'$package' cannot be settled."
            }

            $package
        }
        Clean {
            $made = @(
                Join-Path $PSScriptRoot artifacts
                Join-Path $PSScriptRoot module bin
                Get-ChildItem (Join-Path $PSScriptRoot src), (Join-Path $PSScriptRoot tests), (Join-Path $PSScriptRoot examples) -Directory |
                    ForEach-Object { Join-Path $_ bin; Join-Path $_ obj }
            )
            $made | Where-Object { Test-Path $_ } | Remove-Item -Recurse -Force
        }
    }
}
