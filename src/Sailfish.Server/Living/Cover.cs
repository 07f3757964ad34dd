using System.Security.Cryptography;

namespace Sailfish.Server.Living;

/// <summary>The picture that a room is shown with: a JPEG of ours.</summary>
/// <param name="Name">Made from its content: another picture has another.</param>
/// <param name="Content">The file.</param>
internal sealed record Cover(string Name, byte[] Content)
{
    private const int NameLength = 16;

    public static Cover Of(byte[] content) => new(Convert.ToHexStringLower(SHA256.HashData(content))[..NameLength], content);
}

/// <summary>Which cover a room has.</summary>
/// <param name="RoomId">The room.</param>
/// <param name="Name">Of the cover.</param>
/// <param name="IsChosen">The anchor chose it: none that the page takes by itself comes in its place.</param>
internal sealed record CoverHead(long RoomId, string Name, bool IsChosen);
