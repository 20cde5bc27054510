BeforeAll {
    . $PSScriptRoot/TestSetup.ps1
    $null = New-TestVersion mnist @{ 'train/1.png' = '1'; 'labels.csv' = 'l' } @{ Alias = 'prod' }
    $null = New-TestVersion gone @{ 'a.txt' = 'a' }
    Remove-Artifact gone:v0 -Confirm:$false
    $null = Register-ArtifactStore main $env:ARTIFACTS_STORE
}
AfterAll { Restore-Environment }

Describe 'Errors about mistyped names' {
    It 'names the registered store' {
        Assert-Error { Get-Artifact -Store mian } StoreNotFound ObjectNotFound mian "registered as 'mian'", "Did you mean 'main'?"
    }
    It 'names no store that is not similar' {
        $null = Get-Artifact -Store elsewhere -ErrorAction SilentlyContinue -ErrorVariable failure
        "$failure" | Should -Not -Match 'Did you mean'
    }
    It 'proposes to create a store at a path' {
        Assert-Error { Get-Artifact -Store ./elsewhere } StoreNotFound ObjectNotFound -ErrorText 'New-ArtifactStore -Location'
    }
    It 'names the artifact' {
        Assert-Error { Get-Artifact minst } ArtifactNotFound ObjectNotFound minst "Did you mean 'mnist'?"
        Assert-Error { Get-ArtifactHistory MNITS } ArtifactNotFound ObjectNotFound MNITS "Did you mean 'mnist'?"
    }
    It 'names no artifact without versions' {
        $null = Get-Artifact gon -ErrorAction SilentlyContinue -ErrorVariable failure
        "$failure" | Should -Match 'no artifact' -Because 'it is missing'
        "$failure" | Should -Not -Match 'Did you mean'
    }
    It 'names the alias' {
        Assert-Error { Save-Artifact mnist:prd $TestDrive/out } ArtifactVersionNotFound ObjectNotFound mnist:prd "Did you mean 'mnist:prod'?"
    }
    It 'names the entry' {
        Assert-Error { Get-ArtifactContent mnist label.csv } ArtifactEntryNotFound ObjectNotFound label.csv "Did you mean 'labels.csv'?"
        Assert-Error { Save-Artifact mnist $TestDrive/out -LiteralPath trian/ } ArtifactEntryNotFound ObjectNotFound -ErrorText "Did you mean 'train/'?"
    }
    It 'names the run' {
        $null = Invoke-ArtifactRun -Name train { 1 }
        Assert-Error { Get-ArtifactRun trian } ArtifactRunNotFound ObjectNotFound trian "Did you mean 'train'?"
    }
    It 'explains how a version of a drive is named elsewhere' {
        Assert-Error { Get-Artifact mnist/v0 } InvalidArtifactName InvalidArgument mnist/v0 "'mnist:v0'"
    }
    It 'explains that a folder is no file' {
        Assert-Error { Get-ArtifactContent mnist train } ArtifactEntryNotFound ObjectNotFound train "'train' is a folder", "'train/1.png'", "'train/*'"
    }
}

Describe 'Errors about drafts' {
    It 'explains that a version can''t be changed' {
        Assert-Error { Get-Artifact mnist | Add-ArtifactFile $PSCommandPath } ParameterArgumentTransformationError InvalidData -ErrorText "'mnist:v0' is a published version", "New-ArtifactDraft 'mnist:v0'"
        Assert-Error { Get-Artifact mnist | Publish-Artifact } ParameterArgumentTransformationError InvalidData -ErrorText "New-ArtifactDraft 'mnist:v0'"
    }
    It 'explains that a text is no draft' {
        Assert-Error { 'mnist' | Publish-Artifact } ParameterArgumentTransformationError InvalidData -ErrorText "'mnist' is not a draft"
    }
}

Describe 'Texts with control characters' {
    BeforeAll {
        $escape = [char]27
        $draft = New-Artifact hostile dataset -Description "safe$escape[31m" -Metadata @{ note = "a$escape]0;title`a" }
        $version = $draft | Publish-Artifact -AllowEmpty
    }
    It 'are not displayed' {
        $view = $version | Format-List | Out-String
        $view | Should -Not -Match $escape
        $view | Should -Match ([regex]::Escape('safe\u001B[31m'))
        $view | Should -Match ([regex]::Escape('{[note, a\u001B]0;title\u0007]}'))
    }
    It 'are exact in properties' {
        $version.Description | Should -BeExactly "safe$escape[31m"
        $version.Metadata.note | Should -BeExactly "a$escape]0;title`a"
    }
    It 'are not displayed by errors' {
        $null = Save-Artifact "bad$escape[2J" $TestDrive/out -ErrorAction SilentlyContinue -ErrorVariable failure
        ($failure | Out-String) | Should -Not -Match $escape
        $null = Add-ArtifactFile -Artifact (New-Artifact x dataset) -LiteralPath "no$escape[2J" -ErrorAction SilentlyContinue -ErrorVariable failure
        ($failure[0] | Format-List -Force | Out-String -Width 500) | Should -Match 'u001B'
        "$($failure[0])" | Should -Not -Match $escape
    }
}

Describe 'Errors about places that can''t be written to' {
    BeforeAll {
        $file = New-TestFile 'a file' 'x'
        $unwritable = if ($IsLinux) { '/proc' }
    }
    It 'names the file that is in the way' {
        Assert-Error { Save-Artifact mnist $file/below } PathNotRestorable WriteError -ErrorText "'$file' is a file"
        Assert-Error { Export-Artifact mnist $file/below.zip } FolderNotWritable WriteError -ErrorText "'$file' is a file"
        Assert-Error { Export-Artifact mnist $TestDrive/nowhere/x.zip } FolderNotWritable WriteError -ErrorText 'the folder does not exist'
    }
    It 'names no temporary file' {
        if (-not $unwritable) { Set-ItResult -Skipped -Because 'only Linux has a folder in which root can''t write'; return }
        foreach ($command in { Save-Artifact mnist $unwritable }, { Export-Artifact mnist $unwritable/x.zip }) {
            Assert-Error $command FolderNotWritable WriteError -ErrorText "Nothing can be written to '$unwritable'"
        }
    }
    It 'says that a completed id has nothing to remove' {
        $null = New-Artifact joint dataset | Add-ArtifactFile $file | Set-DistributedArtifact -DistributedId done
        $null = Complete-DistributedArtifact joint -DistributedId done
        Assert-Error { Remove-DistributedArtifact joint done -Confirm:$false } DistributedArtifactLocked InvalidOperation joint 'completed as joint:v0', 'Remove-Artifact joint:v0'
    }
}
