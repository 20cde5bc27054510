# Each command that takes a version or an entry takes one that a job, remoting or Import-Clixml returned, in its own store.
BeforeDiscovery {
    # $object is the version data:v0 or its entry a.txt. Each outputs a property of the version or file that was used.
    $uses = @{
        'Add-ArtifactEvidence'    = { ($object | Add-ArtifactEvidence -LiteralPath $results).Artifact }
        'Add-ArtifactLink'        = { ($object | Add-ArtifactLink -Collection $id).Source }
        'Add-ArtifactReference'   = { if ("$($object.PSTypeNames)" -like '*Entry*') { ($object | Add-ArtifactReference -Artifact (New-Artifact refs dataset -Store $store) -PassThru | Get-ArtifactEntry).Size } }
        'Assert-ArtifactFolder'   = { Assert-ArtifactFolder $object "$TestDrive/folder"; 'data:v0' }
        'Assert-ArtifactSignature' = { $object | Assert-ArtifactSignature -TrustedCertificate $certificate; 'data:v0' }
        'Compare-Artifact'        = { ($object | Compare-Artifact data:v1 -Store $store).Change }
        'Copy-Artifact'           = { ($object | Copy-Artifact -Destination $copies).Reference }
        'Export-Artifact'         = { ($object | Export-Artifact -Path $file -PassThru).Extension }
        'Export-ArtifactChecksum' = { $object | Export-ArtifactChecksum -Path $file; Get-Content $file }
        'Export-ArtifactReport'   = { ($object | Export-ArtifactReport -Path $file -PassThru).Extension }
        'Export-ArtifactSignature' = { ($object | Export-ArtifactSignature -Path $file -PassThru).Extension }
        'Get-Artifact'            = { ($object | Get-Artifact).Reference }
        'Get-ArtifactContent'     = { $object | Get-ArtifactContent -LiteralPath a.txt }
        'Get-ArtifactEntry'       = { ($object | Get-ArtifactEntry).Size }
        'Get-ArtifactEvidence'    = { ($object | Get-ArtifactEvidence)[0].Artifact }
        'Get-ArtifactHistory'     = { ($object | Get-ArtifactHistory)[-1].Number }
        'Get-ArtifactLineage'     = { ($object | Get-ArtifactLineage).Id | Where-Object { $_ -eq 'data:v0' } }
        'Get-ArtifactSignature'   = { ($object | Get-ArtifactSignature)[0].Artifact }
        'New-ArtifactDraft'       = { ($object | New-ArtifactDraft).Size }
        'Remove-Artifact'         = { $object | Remove-Artifact -Force -Confirm:$false; $null = $object | Restore-Artifact; 'data:v0' }
        'Remove-ArtifactAlias'    = { ($object | Set-ArtifactAlias -Alias spare -PassThru | Remove-ArtifactAlias -Alias spare -PassThru).Reference }
        'Remove-ArtifactLink'     = {
            $link = $object | Add-ArtifactLink -Collection $id
            $link | Export-Clixml "$file.clixml"
            Import-Clixml "$file.clixml" | Remove-ArtifactLink -Confirm:$false
            $link.Source
        }
        'Rename-Artifact'         = { $null = $object | Rename-Artifact -NewName $id; (Rename-Artifact $id data -Store $store -PassThru).Name }
        'Restore-Artifact'        = { $object | Remove-Artifact -Force -Confirm:$false; ($object | Restore-Artifact).Reference }
        'Save-Artifact'           = { ($object | Save-Artifact -Destination "$file.d" -PassThru).Length }
        'Set-Artifact'            = { ($object | Set-Artifact -Description $id -PassThru).Reference }
        'Set-ArtifactAlias'       = { ($object | Set-ArtifactAlias -Alias $id -PassThru).Reference }
        'Set-ArtifactSignature'   = { ($object | Set-ArtifactSignature -Certificate $certificate).Artifact }
        'Test-Artifact'           = { $object | Test-Artifact -Quiet }
        'Use-Artifact'            = { Invoke-ArtifactRun { ($object | Use-Artifact).Reference } -Store $store }
    }
    $cases = $uses.Keys | Sort-Object | ForEach-Object { @{ Command = $_; Script = $uses[$_] } }
}

BeforeAll {
    . $PSScriptRoot/TestSetup.ps1
    . $PSScriptRoot/SigningSetup.ps1
    $store = (New-ArtifactStore "$TestDrive/other").Location
    $copies = (New-ArtifactStore "$TestDrive/copies").Location
    $certificate = New-TestCertificate CN=Signer
    $results = New-TestFile 'unit.xml' '<testsuite tests="1"><testcase name="a"/></testsuite>'
    $file = New-TestFile 'folder/a.txt' zero
    $version = New-Artifact data dataset -Store $store | Add-ArtifactFile -LiteralPath $file | Publish-Artifact
    $null = New-Artifact data dataset -Store $store | Add-ArtifactFile -LiteralPath (New-TestFile 'a.txt' 'other content') | Publish-Artifact
    $null = Set-ArtifactSignature $version -Certificate $certificate
    $null = Add-ArtifactEvidence $version -LiteralPath $results
    $version, (Get-ArtifactEntry $version) | Export-Clixml "$TestDrive/objects.clixml"
    $serialized = Import-Clixml "$TestDrive/objects.clixml"
}
AfterAll { Restore-Environment }

Describe 'After serialization' {
    BeforeAll {
        function Use-Object([scriptblock] $Script, $object) {
            $ErrorActionPreference = 'Stop'
            $id = "n$(Get-Random)"
            $file = "$TestDrive/$id.zip"
            . $Script
        }
    }

    It '<Command> takes a version and an entry' -ForEach $cases {
        $expected = @($version, (Get-ArtifactEntry $version) | ForEach-Object { Use-Object $Script $_ })

        $expected.Count | Should -BeGreaterThan 0
        $expected | Should -Not -Contain $null
        @($serialized | ForEach-Object { Use-Object $Script $_ }) | Should -Be $expected
    }

    It 'every command with such a parameter is tested' -ForEach @{ Tested = $uses.Keys } {
        $commands = Get-Command -Module Artifacts -CommandType Cmdlet | Where-Object {
            $_.Parameters.Values.ParameterType -match '^ArtifactsPS\.Binding\.(Artifact|Entry)Argument'
        }
        $commands.Name | Should -BeIn $Tested
    }
}
