namespace Sailfish.Server.Nodes;

/// <summary>
/// What a <see cref="Change"/> is about. The numbers are stored, and nodes of different versions read them: none ever gets
/// another meaning, and who does not know one passes it by.
/// </summary>
internal enum ChangeKind : short
{
    /// <summary>Tokens of the user A of an app are void up to another time.</summary>
    Revocation = 1,

    /// <summary>The user A of an app is suspended until another time, or not any more.</summary>
    Suspension = 2,

    /// <summary>What the user B may not do in the room A of an app.</summary>
    Restriction = 3,

    /// <summary>The account A: it was made, or its name, its picture or its password is another.</summary>
    Account = 4,

    /// <summary>Sessions of the page of the account A have ended.</summary>
    PageSession = 5,

    /// <summary>The tags of the user A of an app.</summary>
    Tag = 6,

    /// <summary>The app itself, or its secrets.</summary>
    App = 7,

    /// <summary>The living room A of an app has started or closed.</summary>
    LivingRoom = 8,

    /// <summary>The connection A of the node B ends, for the reason that the word names.</summary>
    Connection = 9,

    /// <summary>The stream key of the user A of an app is another.</summary>
    StreamKey = 10,

    /// <summary>The stream of the room A of an app has begun, is another node's, is in another state, or has ended.</summary>
    Stream = 11,
}
