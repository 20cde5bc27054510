# References to a web server, to other versions, and to schemes that nothing can read.
BeforeAll {
    . $PSScriptRoot/TestSetup.ps1
    . $PSScriptRoot/TargetServer.ps1
    $server = Start-TargetServer
    $uri = $server.Uri
}

AfterAll {
    Stop-TargetServer $server
    Restore-Environment
}

Describe 'Remote references' {
    BeforeEach {
        $server.Files.Clear()
        $server.Files['/data/a.txt'] = @{ Text = "one`ntwo"; ETag = 'a1' }
        $server.Files['/b.txt'] = @{ Text = 'b'; ETag = 'b1' }
        $draft = New-Artifact web dataset
        $server.Requests.Clear()
        $out = Join-Path $TestDrive ([Guid]::NewGuid())
    }

    It 'records size and ETag with one request' {
        Add-ArtifactReference "$uri/data/a.txt" -Artifact $draft

        $entry = Get-ArtifactEntry $draft
        $entry.EntryPath, $entry.Size, $entry.ETag, $entry.Digest | Should -Be 'a.txt', 7, 'a1', $null
        $server.Requests | Should -Be 'HEAD /data/a.txt'
    }

    It 'records the URI alone with -NoChecksum' {
        Add-ArtifactReference "$uri/none.txt" -NoChecksum -Artifact $draft

        (Get-ArtifactEntry $draft).Size | Should -BeNullOrEmpty
        $server.Requests | Should -BeNullOrEmpty
    }

    It 'records the digest with -Checksum, and reads unchanged content once' {
        $version = $draft | Add-ArtifactReference "$uri/b.txt" -Checksum Sha256 | Publish-Artifact
        $server.Requests.Clear()
        $again = New-ArtifactDraft $version | Add-ArtifactReference "$uri/b.txt" -Checksum Sha256 | Publish-Artifact

        ($version | Get-ArtifactEntry).Digest | Should -Be 'sha256:3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d'
        $again.Reference | Should -Be $version.Reference
        $server.Requests | Should -Be 'HEAD /b.txt'
    }

    It 'reports a missing target and adds the others' {
        Assert-Error { Add-ArtifactReference "$uri/none.txt", "$uri/b.txt" -Artifact $draft } ReferenceNotFound ObjectNotFound "$uri/none.txt"

        (Get-ArtifactEntry $draft).EntryPath | Should -Be b.txt
    }

    It 'refuses -Checksum together with -NoChecksum' {
        Assert-Error { Add-ArtifactReference "$uri/b.txt" -Checksum Sha256 -NoChecksum -Artifact $draft } ContentParametersConflict InvalidArgument
    }

    It 'refuses a signature and does not show it' {
        $problem = { Add-ArtifactReference "$uri/b.txt?X-Amz-Signature=hush" -Artifact $draft -ErrorAction Stop } |
            Should -Throw -ErrorId 'InvalidReference,*' -PassThru

        "$problem $($problem.TargetObject)" | Should -Not -Match hush
        "$problem" | Should -BeLike '*s3://*'
        $server.Requests | Should -BeNullOrEmpty
    }

    It 'restores, compares and tests references' {
        $version = $draft | Add-ArtifactReference "$uri/data/a.txt", "$uri/b.txt" -Checksum Sha256 | Publish-Artifact
        $version | Save-Artifact -Destination $out

        Get-Content $out/a.txt | Should -Be one, two
        $server.Requests.Clear()
        $version | Save-Artifact -Destination $out
        $version | Test-Artifact -Quiet | Should -BeTrue
        $version | Test-Artifact -Path $out -Quiet | Should -BeTrue
        $null = Get-ArtifactEntry $version
        Compare-Artifact $version $version
        $server.Requests | Where-Object { $_ -notlike 'HEAD *' } | Should -BeNullOrEmpty
        $version | Test-Artifact -Full -Quiet | Should -BeTrue
        $server.Requests | Should -Contain 'GET /b.txt'
    }

    It 'reports a target that is <Kind> and restores the others' -TestCases @(
        @{ Kind = 'changed'; File = @{ Text = 'b'; ETag = 'b2' }; Id = 'ReferenceChanged'; Category = 'InvalidData'; Problem = 'Changed' }
        @{ Kind = 'missing'; File = $null; Id = 'ReferenceNotFound'; Category = 'ObjectNotFound'; Problem = 'Missing' }
        @{ Kind = 'forbidden'; File = @{ Status = 403 }; Id = 'ReferenceAccessDenied'; Category = 'PermissionDenied'; Problem = 'Unreadable' }
    ) {
        $version = $draft | Add-ArtifactReference "$uri/data/a.txt", "$uri/b.txt" | Publish-Artifact
        $server.Files['/b.txt'] = $File

        Assert-Error { $version | Save-Artifact -Destination $out } $Id $Category b.txt "$uri/b.txt"
        (Get-ChildItem $out).Name | Should -Be a.txt
        ($version | Test-Artifact).Problem | Should -Be $Problem
    }

    It 'leaves references with -SkipReferences' {
        $version = $draft | Add-ArtifactReference "$uri/b.txt" | Add-ArtifactFile (New-TestFile kept.txt) | Publish-Artifact
        $server.Requests.Clear()
        $version | Save-Artifact -Destination $out -SkipReferences -WarningVariable warnings

        (Get-ChildItem $out).Name | Should -Be kept.txt
        $warnings | Should -BeNullOrEmpty
        $server.Requests | Should -BeNullOrEmpty
    }

    It 'streams the content of a reference' {
        $version = $draft | Add-ArtifactReference "$uri/data/a.txt" | Publish-Artifact

        Get-ArtifactContent $version a.txt | Should -Be one, two
        Get-ArtifactContent $version a.txt -Raw | Should -Be "one`ntwo"
        Get-ArtifactContent $version a.txt -Tail 1 | Should -Be two
    }

    It 'follows a redirect to another host only with -AllowHost' {
        $server.Files['/moved.txt'] = @{ Redirect = "$($uri.Replace('127.0.0.1', 'localhost'))/b.txt" }
        Assert-Error { Add-ArtifactReference "$uri/moved.txt" -Artifact $draft } ReferenceAccessDenied PermissionDenied "$uri/moved.txt" '-AllowHost'
    }

    It 'reads only hosts in ARTIFACTS_ALLOW_HOST' {
        $env:ARTIFACTS_ALLOW_HOST = 'example.com, *.example.org'
        try {
            Assert-Error { Add-ArtifactReference "$uri/b.txt" -Artifact $draft } ReferenceAccessDenied PermissionDenied "$uri/b.txt" 127.0.0.1
            Add-ArtifactReference "$uri/b.txt" -AllowHost '127.*' -Artifact $draft
        }
        finally { $env:ARTIFACTS_ALLOW_HOST = $null }

        (Get-ArtifactEntry $draft).EntryPath | Should -Be b.txt
    }

    It 'never reads a link-local address' {
        Assert-Error { Add-ArtifactReference http://169.254.169.254/latest/meta-data -AllowHost * -Artifact $draft } ReferenceAccessDenied PermissionDenied
    }

    It 'creates no version for unchanged targets' {
        $first = $draft | Add-ArtifactReference "$uri/b.txt" -Name same | Publish-Artifact
        $again = New-Artifact web dataset | Add-ArtifactReference "$uri/b.txt" -Name same | Publish-Artifact
        $again.Reference | Should -Be $first.Reference
        $server.Files['/b.txt'] = @{ Text = 'b'; ETag = 'b2' }
        $changed = New-Artifact web dataset | Add-ArtifactReference "$uri/b.txt" -Name same | Publish-Artifact
        $changed.Reference | Should -Not -Be $first.Reference
        $difference = Compare-Artifact $first $changed
        $difference.Change, $difference.ReferenceETag, $difference.DifferenceETag | Should -Be Modified, b1, b2
    }

    It 'records unknown schemes as they are' {
        Add-ArtifactReference hf://org/model.bin, doi:10.1000/182 -Artifact $draft

        (Get-ArtifactEntry $draft).Uri | Should -Be doi:10.1000/182, hf://org/model.bin
        Assert-Error { Add-ArtifactReference hf://org/other.bin -Checksum Sha256 -Artifact $draft } ReferenceNotReadable InvalidOperation
    }
}

Describe 'References to other versions' {
    BeforeAll {
        $net = New-TestVersion net @{ 'weights.bin' = 'weights'; 'deep/bias.bin' = 'bias' }
        $count = @(Get-ChildItem $env:ARTIFACTS_STORE/objects -Recurse -File).Count
    }

    It 'adds the entry <_> without copying it' -ForEach 'net:v0/weights.bin', 'net:latest/deep/bias.bin' {
        $app = New-Artifact app model | Add-ArtifactReference $_ -Name "shared/$($_.Length)" | Publish-Artifact

        $entry = $app | Get-ArtifactEntry
        $entry.Uri | Should -BeNullOrEmpty
        $entry.Digest | Should -BeIn ($net | Get-ArtifactEntry).Digest
        $app | Test-Artifact -Quiet | Should -BeTrue
        $app.NewBytes | Should -Be 0
    }

    It 'adds entries from the pipeline under their paths' {
        $draft = New-Artifact app model
        $net | Get-ArtifactEntry | Add-ArtifactReference -Artifact $draft

        (Get-ArtifactEntry $draft).EntryPath | Should -Be deep/bias.bin, weights.bin
    }

    It 'makes the version an input of the run' {
        Invoke-ArtifactRun -Name joining {
            New-Artifact joined model | Add-ArtifactReference net:v0/weights.bin | Publish-Artifact
        }

        (Get-ArtifactRun -Name joining).Inputs | Should -Be net:v0
        (Get-ArtifactLineage joined -Direction Upstream | Where-Object Kind -EQ Version).Id | Should -Be net:v0, joined:v0
    }

    It 'is known to the lineage outside a run' {
        $null = New-Artifact alone model | Add-ArtifactReference net:v0/weights.bin | Publish-Artifact

        (Get-ArtifactLineage alone).Id | Should -Be net:v0, alone:v0
    }

    It 'reports <Entry> as <Id>' -TestCases @(
        @{ Entry = 'net:v7/weights.bin'; Id = 'ArtifactVersionNotFound' }
        @{ Entry = 'none:v0/weights.bin'; Id = 'ArtifactNotFound' }
        @{ Entry = 'net:v0/none.bin'; Id = 'ArtifactEntryNotFound' }
    ) {
        Assert-Error { Add-ArtifactReference $Entry -Artifact (New-Artifact app model) } $Id ObjectNotFound
    }

    It 'refuses an entry of another store' {
        $other = (New-ArtifactStore "$TestDrive/other").Location
        $draft = New-Artifact app model -Store $other
        Assert-Error { $net | Get-ArtifactEntry -Path weights.bin | Add-ArtifactReference -Artifact $draft } EntryInOtherStore InvalidArgument net:v0/weights.bin Copy-Artifact
    }
}
