using Sailfish.Server.Text;

namespace Sailfish.Server.Living;

/// <summary>What is searched for in names, as people read it: case, width, style and marks of letters are nothing, nor is what nobody sees.</summary>
internal static class RoomSearch
{
    /// <summary>Of what is searched for, in characters: longer than a name.</summary>
    public const int MaxLength = 64;

    /// <summary>Of no key: nobody sees it.</summary>
    private const char Between = '\u200B';

    public static string KeyOf(string text) => CodePoints.ToText(Folding.Instance.Read(text, Reading.Letters));

    /// <summary>Of a room by both its names; nothing is found across them.</summary>
    public static string KeyOf(string roomName, string anchorName) => $"{KeyOf(roomName)}{Between}{KeyOf(anchorName)}";
}
