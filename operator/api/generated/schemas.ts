// Generated from operator/api/v1alpha1; change that and run `make generate`.

import type { KindName } from './resources.ts';

export const schemas: Record<KindName, object> = {
  "AnsibleRun": {
    "type": "object",
    "required": [
      "apiVersion",
      "kind",
      "metadata",
      "spec"
    ],
    "properties": {
      "apiVersion": {
        "type": "string",
        "enum": [
          "holdfast.dev/v1alpha1"
        ]
      },
      "kind": {
        "type": "string",
        "enum": [
          "AnsibleRun"
        ]
      },
      "metadata": {
        "type": "object"
      },
      "spec": {
        "type": "object",
        "properties": {
          "mode": {
            "type": "string",
            "enum": [
              "Apply",
              "Check"
            ]
          },
          "deviceNames": {
            "type": "array",
            "maxItems": 200,
            "items": {
              "type": "string",
              "minLength": 1,
              "maxLength": 253,
              "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"
            },
            "x-kubernetes-list-type": "set"
          },
          "checks": {
            "type": "array",
            "minItems": 1,
            "maxItems": 300,
            "items": {
              "type": "object",
              "required": [
                "name"
              ],
              "properties": {
                "name": {
                  "type": "string",
                  "minLength": 1,
                  "maxLength": 63,
                  "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"
                },
                "severity": {
                  "type": "string",
                  "enum": [
                    "Low",
                    "Medium",
                    "High",
                    "Critical"
                  ]
                },
                "controls": {
                  "type": "array",
                  "maxItems": 16,
                  "items": {
                    "type": "string",
                    "minLength": 1,
                    "maxLength": 128,
                    "pattern": "^[^\\x00-\\x1f\\x7f]*$"
                  },
                  "x-kubernetes-list-type": "set"
                },
                "file": {
                  "type": "object",
                  "required": [
                    "path"
                  ],
                  "properties": {
                    "path": {
                      "type": "string",
                      "minLength": 2,
                      "maxLength": 512,
                      "pattern": "^(/([^/.\\x00-\\x1f\\x7f][^/\\x00-\\x1f\\x7f]*|[.][^/.\\x00-\\x1f\\x7f][^/\\x00-\\x1f\\x7f]*|[.][.][^/\\x00-\\x1f\\x7f]+))+$"
                    },
                    "type": {
                      "type": "string",
                      "enum": [
                        "File",
                        "Directory"
                      ]
                    },
                    "state": {
                      "type": "string",
                      "enum": [
                        "Present",
                        "Absent"
                      ]
                    },
                    "content": {
                      "type": "string",
                      "maxLength": 65536
                    },
                    "sha256": {
                      "type": "string",
                      "maxLength": 64,
                      "pattern": "^[0-9a-f]{64}$",
                      "patternMessage": "a SHA-256 is 64 hexadecimal digits in lower case, as `sha256sum` prints it"
                    },
                    "mode": {
                      "type": "string",
                      "maxLength": 4,
                      "pattern": "^[0-7]{3,4}$",
                      "patternMessage": "a mode is three or four octal digits in quotes, such as \"0644\""
                    },
                    "maxMode": {
                      "type": "string",
                      "maxLength": 4,
                      "pattern": "^[0-7]{3,4}$",
                      "patternMessage": "a mode is three or four octal digits in quotes, such as \"0644\""
                    },
                    "owner": {
                      "type": "string",
                      "minLength": 1,
                      "maxLength": 64,
                      "pattern": "^[A-Za-z0-9_]([A-Za-z0-9_.@+\\\\ -]*[A-Za-z0-9_.@+\\\\-])?[$]?$"
                    },
                    "group": {
                      "type": "string",
                      "minLength": 1,
                      "maxLength": 64,
                      "pattern": "^[A-Za-z0-9_]([A-Za-z0-9_.@+\\\\ -]*[A-Za-z0-9_.@+\\\\-])?[$]?$"
                    },
                    "sensitive": {
                      "type": "boolean"
                    }
                  },
                  "x-kubernetes-validations": [
                    {
                      "rule": "!(has(self.content) && has(self.sha256))",
                      "message": "set `content` or `sha256`, not both"
                    },
                    {
                      "rule": "!(has(self.mode) && has(self.maxMode))",
                      "message": "set `mode` or `maxMode`, not both"
                    },
                    {
                      "rule": "!has(self.type) || self.type == 'File' || !(has(self.content) || has(self.sha256) || has(self.sensitive))",
                      "message": "a directory has no `content`, `sha256` or `sensitive`"
                    },
                    {
                      "rule": "!has(self.state) || self.state == 'Present' || !(has(self.content) || has(self.sha256) || has(self.mode) || has(self.maxMode) || has(self.owner) || has(self.group))",
                      "message": "an absent file has no `content`, `sha256`, `mode`, `maxMode`, `owner` or `group`"
                    }
                  ],
                  "additionalProperties": false
                },
                "line": {
                  "type": "object",
                  "required": [
                    "path",
                    "line"
                  ],
                  "properties": {
                    "path": {
                      "type": "string",
                      "minLength": 2,
                      "maxLength": 512,
                      "pattern": "^(/([^/.\\x00-\\x1f\\x7f][^/\\x00-\\x1f\\x7f]*|[.][^/.\\x00-\\x1f\\x7f][^/\\x00-\\x1f\\x7f]*|[.][.][^/\\x00-\\x1f\\x7f]+))+$"
                    },
                    "line": {
                      "type": "string",
                      "minLength": 1,
                      "maxLength": 512,
                      "pattern": "^[^\\x00-\\x1f\\x7f]*$"
                    },
                    "state": {
                      "type": "string",
                      "enum": [
                        "Present",
                        "Absent"
                      ]
                    },
                    "startsWith": {
                      "type": "string",
                      "minLength": 1,
                      "maxLength": 512,
                      "pattern": "^[^\\x00-\\x1f\\x7f]*$"
                    },
                    "sensitive": {
                      "type": "boolean"
                    }
                  },
                  "additionalProperties": false
                },
                "setting": {
                  "type": "object",
                  "required": [
                    "path",
                    "key"
                  ],
                  "properties": {
                    "path": {
                      "type": "string",
                      "minLength": 2,
                      "maxLength": 512,
                      "pattern": "^(/([^/.\\x00-\\x1f\\x7f][^/\\x00-\\x1f\\x7f]*|[.][^/.\\x00-\\x1f\\x7f][^/\\x00-\\x1f\\x7f]*|[.][.][^/\\x00-\\x1f\\x7f]+))+$"
                    },
                    "format": {
                      "type": "string",
                      "enum": [
                        "LoginDefs",
                        "Pwquality",
                        "Faillock",
                        "Auditd",
                        "Dnf",
                        "Systemd",
                        "ShellVariables",
                        "Useradd",
                        "Chrony",
                        "Limits",
                        "Sudoers",
                        "KeyValue",
                        "Ini"
                      ]
                    },
                    "section": {
                      "type": "string",
                      "minLength": 1,
                      "maxLength": 128,
                      "pattern": "^[^\\x00-\\x20\\x7f#;=\\[\\]\"'][^\\x00-\\x1f\\x7f#;=\\[\\]\"']*$"
                    },
                    "key": {
                      "type": "string",
                      "minLength": 1,
                      "maxLength": 128,
                      "pattern": "^[^\\x00-\\x20\\x7f#;=\\[\\]\"'][^\\x00-\\x1f\\x7f#;=\\[\\]\"']*$"
                    },
                    "value": {
                      "type": "string",
                      "minLength": 1,
                      "maxLength": 512,
                      "pattern": "^[^\\x00-\\x1f\\x7f]*$"
                    },
                    "compare": {
                      "type": "string",
                      "enum": [
                        "Equal",
                        "AtMost",
                        "AtLeast",
                        "SameWords"
                      ]
                    },
                    "state": {
                      "type": "string",
                      "enum": [
                        "Present",
                        "Absent"
                      ]
                    },
                    "notify": {
                      "type": "object",
                      "required": [
                        "unit"
                      ],
                      "properties": {
                        "unit": {
                          "type": "string",
                          "minLength": 1,
                          "maxLength": 128,
                          "pattern": "^[A-Za-z0-9:_.@][A-Za-z0-9:_.@\\\\-]*$"
                        },
                        "action": {
                          "type": "string",
                          "enum": [
                            "reload",
                            "restart",
                            "try-reload-or-restart"
                          ]
                        }
                      },
                      "additionalProperties": false
                    },
                    "sensitive": {
                      "type": "boolean"
                    }
                  },
                  "x-kubernetes-validations": [
                    {
                      "rule": "!has(self.state) || self.state == 'Present' || !(has(self.value) || has(self.compare))",
                      "message": "an absent setting has no `value` and no `compare`"
                    },
                    {
                      "rule": "!has(self.compare) || has(self.value)",
                      "message": "`compare` needs a `value`"
                    },
                    {
                      "rule": "!has(self.compare) || !(self.compare in ['AtMost', 'AtLeast']) || self.value.matches('^[+-]?[0-9]')",
                      "message": "`AtMost` and `AtLeast` need a number as `value`"
                    }
                  ],
                  "additionalProperties": false
                },
                "sshd": {
                  "type": "object",
                  "required": [
                    "option"
                  ],
                  "properties": {
                    "option": {
                      "type": "string",
                      "minLength": 1,
                      "maxLength": 64,
                      "pattern": "^[A-Za-z0-9]+$"
                    },
                    "value": {
                      "type": "string",
                      "minLength": 1,
                      "maxLength": 512,
                      "pattern": "^[^\\x00-\\x1f\\x7f]*$"
                    },
                    "excludes": {
                      "type": "array",
                      "minItems": 1,
                      "maxItems": 64,
                      "items": {
                        "type": "string",
                        "minLength": 1,
                        "maxLength": 128,
                        "pattern": "^[^\\x00-\\x20\\x7f,#\"]+$"
                      },
                      "x-kubernetes-list-type": "set"
                    },
                    "atLeast": {
                      "type": "integer",
                      "format": "int64",
                      "minimum": 0,
                      "maximum": 2147483647
                    },
                    "atMost": {
                      "type": "integer",
                      "format": "int64",
                      "minimum": 0,
                      "maximum": 2147483647
                    }
                  },
                  "x-kubernetes-validations": [
                    {
                      "rule": "[has(self.value), has(self.excludes), has(self.atLeast) || has(self.atMost)].filter(set, set).size() == 1",
                      "message": "set only one of `value`, `excludes`, and a range (`atLeast`, `atMost`)"
                    },
                    {
                      "rule": "!(has(self.atLeast) && has(self.atMost)) || self.atLeast <= self.atMost",
                      "message": "`atLeast` must not exceed `atMost`"
                    }
                  ],
                  "additionalProperties": false
                },
                "sysctl": {
                  "type": "object",
                  "required": [
                    "name",
                    "value"
                  ],
                  "properties": {
                    "name": {
                      "type": "string",
                      "minLength": 1,
                      "maxLength": 128,
                      "pattern": "^[a-z0-9_]+([.][A-Za-z0-9_:@-][A-Za-z0-9_/:@-]*)+$",
                      "patternMessage": "the name of a kernel parameter has dots, such as `kernel.randomize_va_space`"
                    },
                    "value": {
                      "type": "string",
                      "minLength": 1,
                      "maxLength": 512,
                      "pattern": "^[^\\x00-\\x1f\\x7f]*$"
                    },
                    "scope": {
                      "type": "string",
                      "enum": [
                        "Both",
                        "Live",
                        "Persisted"
                      ]
                    }
                  },
                  "additionalProperties": false
                },
                "package": {
                  "type": "object",
                  "required": [
                    "name"
                  ],
                  "properties": {
                    "name": {
                      "type": "string",
                      "minLength": 1,
                      "maxLength": 128,
                      "pattern": "^[A-Za-z0-9][A-Za-z0-9._+-]*$"
                    },
                    "state": {
                      "type": "string",
                      "enum": [
                        "Present",
                        "Absent"
                      ]
                    },
                    "minVersion": {
                      "type": "string",
                      "minLength": 1,
                      "maxLength": 128,
                      "pattern": "^([0-9]+:)?[A-Za-z0-9._+~^]+(-[A-Za-z0-9._+~^]+)?$",
                      "patternMessage": "a version is written `[epoch:]version[-release]`, such as `9.16.23-18` or `32:9.16.23-18`"
                    },
                    "version": {
                      "type": "string",
                      "minLength": 1,
                      "maxLength": 128,
                      "pattern": "^([0-9]+:)?[A-Za-z0-9._+~^]+(-[A-Za-z0-9._+~^]+)?$",
                      "patternMessage": "a version is written `[epoch:]version[-release]`, such as `9.16.23-18` or `32:9.16.23-18`"
                    }
                  },
                  "x-kubernetes-validations": [
                    {
                      "rule": "!(has(self.minVersion) && has(self.version))",
                      "message": "set `minVersion` or `version`, not both"
                    },
                    {
                      "rule": "!has(self.state) || self.state == 'Present' || !(has(self.minVersion) || has(self.version))",
                      "message": "an absent package has no version"
                    }
                  ],
                  "additionalProperties": false
                },
                "service": {
                  "type": "object",
                  "required": [
                    "name"
                  ],
                  "properties": {
                    "name": {
                      "type": "string",
                      "minLength": 1,
                      "maxLength": 128,
                      "pattern": "^[A-Za-z0-9:_.@][A-Za-z0-9:_.@\\\\-]*$"
                    },
                    "enabled": {
                      "type": "boolean"
                    },
                    "running": {
                      "type": "boolean"
                    },
                    "masked": {
                      "type": "boolean"
                    }
                  },
                  "x-kubernetes-validations": [
                    {
                      "rule": "has(self.enabled) || has(self.running) || has(self.masked)",
                      "message": "set at least one of `enabled`, `running` and `masked`"
                    },
                    {
                      "rule": "!has(self.masked) || !self.masked || !((has(self.enabled) && self.enabled) || (has(self.running) && self.running))",
                      "message": "a masked unit can be neither enabled nor running"
                    }
                  ],
                  "additionalProperties": false
                },
                "user": {
                  "type": "object",
                  "required": [
                    "name"
                  ],
                  "properties": {
                    "name": {
                      "type": "string",
                      "minLength": 1,
                      "maxLength": 64,
                      "pattern": "^[A-Za-z0-9_]([A-Za-z0-9_.@+\\\\ -]*[A-Za-z0-9_.@+\\\\-])?[$]?$"
                    },
                    "state": {
                      "type": "string",
                      "enum": [
                        "Present",
                        "Absent"
                      ]
                    },
                    "uid": {
                      "type": "integer",
                      "format": "int64",
                      "minimum": 0,
                      "maximum": 4294967294
                    },
                    "shell": {
                      "type": "string",
                      "minLength": 2,
                      "maxLength": 512,
                      "pattern": "^(/([^/.\\x00-\\x1f\\x7f][^/\\x00-\\x1f\\x7f]*|[.][^/.\\x00-\\x1f\\x7f][^/\\x00-\\x1f\\x7f]*|[.][.][^/\\x00-\\x1f\\x7f]+))+$"
                    },
                    "home": {
                      "type": "string",
                      "minLength": 2,
                      "maxLength": 512,
                      "pattern": "^(/([^/.\\x00-\\x1f\\x7f][^/\\x00-\\x1f\\x7f]*|[.][^/.\\x00-\\x1f\\x7f][^/\\x00-\\x1f\\x7f]*|[.][.][^/\\x00-\\x1f\\x7f]+))+$"
                    },
                    "groups": {
                      "type": "array",
                      "maxItems": 32,
                      "items": {
                        "type": "string",
                        "minLength": 1,
                        "maxLength": 64,
                        "pattern": "^[A-Za-z0-9_]([A-Za-z0-9_.@+\\\\ -]*[A-Za-z0-9_.@+\\\\-])?[$]?$"
                      },
                      "x-kubernetes-list-type": "set"
                    },
                    "locked": {
                      "type": "boolean"
                    }
                  },
                  "x-kubernetes-validations": [
                    {
                      "rule": "!has(self.state) || self.state == 'Present' || !(has(self.uid) || has(self.shell) || has(self.home) || has(self.groups) || has(self.locked))",
                      "message": "an absent user has no other properties"
                    }
                  ],
                  "additionalProperties": false
                },
                "group": {
                  "type": "object",
                  "required": [
                    "name"
                  ],
                  "properties": {
                    "name": {
                      "type": "string",
                      "minLength": 1,
                      "maxLength": 64,
                      "pattern": "^[A-Za-z0-9_]([A-Za-z0-9_.@+\\\\ -]*[A-Za-z0-9_.@+\\\\-])?[$]?$"
                    },
                    "state": {
                      "type": "string",
                      "enum": [
                        "Present",
                        "Absent"
                      ]
                    },
                    "gid": {
                      "type": "integer",
                      "format": "int64",
                      "minimum": 0,
                      "maximum": 4294967294
                    },
                    "members": {
                      "type": "array",
                      "maxItems": 256,
                      "items": {
                        "type": "string",
                        "minLength": 1,
                        "maxLength": 64,
                        "pattern": "^[A-Za-z0-9_]([A-Za-z0-9_.@+\\\\ -]*[A-Za-z0-9_.@+\\\\-])?[$]?$"
                      },
                      "x-kubernetes-list-type": "set"
                    },
                    "exclusive": {
                      "type": "boolean"
                    }
                  },
                  "x-kubernetes-validations": [
                    {
                      "rule": "!has(self.state) || self.state == 'Present' || !(has(self.gid) || has(self.members))",
                      "message": "an absent group has neither `gid` nor `members`"
                    },
                    {
                      "rule": "!has(self.exclusive) || !self.exclusive || has(self.members)",
                      "message": "set `members` too: an exclusive group has only these members"
                    }
                  ],
                  "additionalProperties": false
                },
                "mount": {
                  "type": "object",
                  "required": [
                    "path"
                  ],
                  "properties": {
                    "path": {
                      "type": "string",
                      "minLength": 2,
                      "maxLength": 512,
                      "pattern": "^(/([^/.\\x00-\\x1f\\x7f][^/\\x00-\\x1f\\x7f]*|[.][^/.\\x00-\\x1f\\x7f][^/\\x00-\\x1f\\x7f]*|[.][.][^/\\x00-\\x1f\\x7f]+))+$"
                    },
                    "source": {
                      "type": "string",
                      "minLength": 1,
                      "maxLength": 512,
                      "pattern": "^[^\\x00-\\x20\\x7f]+$"
                    },
                    "type": {
                      "type": "string",
                      "minLength": 1,
                      "maxLength": 32,
                      "pattern": "^[a-z0-9._-]+$"
                    },
                    "options": {
                      "type": "array",
                      "maxItems": 16,
                      "items": {
                        "type": "string",
                        "minLength": 1,
                        "maxLength": 64,
                        "pattern": "^[A-Za-z0-9_=.:/%-]+$"
                      },
                      "x-kubernetes-list-type": "set"
                    },
                    "scope": {
                      "type": "string",
                      "enum": [
                        "Both",
                        "Live",
                        "Persisted"
                      ]
                    }
                  },
                  "additionalProperties": false
                },
                "kernelModule": {
                  "type": "object",
                  "required": [
                    "name"
                  ],
                  "properties": {
                    "name": {
                      "type": "string",
                      "minLength": 1,
                      "maxLength": 64,
                      "pattern": "^[A-Za-z0-9_-]+$"
                    },
                    "state": {
                      "type": "string",
                      "enum": [
                        "Disabled",
                        "Loadable"
                      ]
                    },
                    "scope": {
                      "type": "string",
                      "enum": [
                        "Both",
                        "Live",
                        "Persisted"
                      ]
                    }
                  },
                  "additionalProperties": false
                },
                "selinux": {
                  "type": "object",
                  "required": [
                    "mode"
                  ],
                  "properties": {
                    "mode": {
                      "type": "string",
                      "enum": [
                        "Enforcing",
                        "Permissive",
                        "Disabled"
                      ]
                    },
                    "scope": {
                      "type": "string",
                      "enum": [
                        "Both",
                        "Live",
                        "Persisted"
                      ]
                    }
                  },
                  "additionalProperties": false
                },
                "authorizedKeys": {
                  "type": "object",
                  "required": [
                    "user",
                    "keys"
                  ],
                  "properties": {
                    "user": {
                      "type": "string",
                      "minLength": 1,
                      "maxLength": 64,
                      "pattern": "^[A-Za-z0-9_]([A-Za-z0-9_.@+\\\\ -]*[A-Za-z0-9_.@+\\\\-])?[$]?$"
                    },
                    "keys": {
                      "type": "array",
                      "maxItems": 64,
                      "items": {
                        "type": "string",
                        "minLength": 32,
                        "maxLength": 2048,
                        "pattern": "^[^\\x00-\\x1f\\x7f#][^\\x00-\\x1f\\x7f]*$"
                      },
                      "x-kubernetes-list-type": "set"
                    },
                    "exclusive": {
                      "type": "boolean"
                    }
                  },
                  "additionalProperties": false
                }
              },
              "x-kubernetes-validations": [
                {
                  "rule": "[has(self.file), has(self.line), has(self.setting), has(self.sshd), has(self.sysctl), has(self.__package__), has(self.service), has(self.user), has(self.group), has(self.mount), has(self.kernelModule), has(self.selinux), has(self.authorizedKeys)].filter(set, set).size() == 1",
                  "message": "a check must have exactly one of `file`, `line`, `setting`, `sshd`, `sysctl`, `package`, `service`, `user`, `group`, `mount`, `kernelModule`, `selinux` and `authorizedKeys`"
                }
              ],
              "additionalProperties": false
            },
            "x-kubernetes-list-type": "map",
            "x-kubernetes-list-map-keys": [
              "name"
            ]
          },
          "playbook": {
            "type": "object",
            "properties": {
              "inline": {
                "type": "string",
                "minLength": 1,
                "maxLength": 65536
              },
              "configMapRef": {
                "type": "object",
                "required": [
                  "name"
                ],
                "properties": {
                  "name": {
                    "type": "string",
                    "minLength": 1,
                    "maxLength": 253,
                    "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"
                  }
                },
                "additionalProperties": false
              },
              "collectionRole": {
                "type": "string",
                "maxLength": 256,
                "pattern": "^[a-z_][a-z0-9_]*[.][a-z_][a-z0-9_]*[.][a-z_][a-z0-9_]*$"
              }
            },
            "x-kubernetes-validations": [
              {
                "rule": "[has(self.inline), has(self.configMapRef), has(self.collectionRole)].filter(set, set).size() == 1",
                "message": "set exactly one of `inline`, `configMapRef` and `collectionRole`"
              }
            ],
            "additionalProperties": false
          },
          "revertOf": {
            "type": "object",
            "required": [
              "name"
            ],
            "properties": {
              "name": {
                "type": "string",
                "minLength": 1,
                "maxLength": 253,
                "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"
              }
            },
            "additionalProperties": false
          },
          "variables": {
            "type": "object",
            "maxProperties": 64,
            "additionalProperties": {
              "maxLength": 4096,
              "x-kubernetes-int-or-string": true,
              "type": [
                "integer",
                "string"
              ]
            },
            "x-kubernetes-validations": [
              {
                "rule": "self.all(name, name.matches('^[a-z][a-z0-9_]{0,63}$') && !name.startsWith('ansible_') && !name.startsWith('holdfast_'))",
                "message": "names of variables must consist of lowercase letters, digits and `_`, begin with a letter, and must not start with `ansible_` or `holdfast_`"
              },
              {
                "rule": "!self.exists(name, name in ['action', 'always', 'any_errors_fatal', 'args', 'async', 'async_val', 'become', 'become_exe', 'become_flags', 'become_method', 'become_user', 'block', 'changed_when', 'check_mode', 'collections', 'connection', 'cycler', 'debugger', 'delay', 'delegate_facts', 'delegate_to', 'dict', 'diff', 'environment', 'fact_path', 'failed_when', 'force_handlers', 'gather_facts', 'gather_timeout', 'group_names', 'groups', 'handlers', 'hosts', 'hostvars', 'ignore_errors', 'ignore_unreachable', 'inventory_dir', 'inventory_file', 'inventory_hostname', 'inventory_hostname_short', 'joiner', 'lipsum', 'local_action', 'lookup', 'loop', 'loop_control', 'loop_with', 'max_fail_percentage', 'module_defaults', 'name', 'namespace', 'no_log', 'notify', 'now', 'omit', 'order', 'play_hosts', 'playbook_dir', 'poll', 'port', 'post_tasks', 'pre_tasks', 'q', 'query', 'range', 'register', 'remote_user', 'rescue', 'retries', 'role_name', 'role_names', 'role_path', 'role_uuid', 'roles', 'run_once', 'serial', 'strategy', 'tags', 'tasks', 'throttle', 'timeout', 'undef', 'until', 'vars', 'vars_files', 'vars_prompt', 'when'])",
                "message": "names of Ansible's own variables and keywords are reserved: give the variable another name"
              },
              {
                "rule": "self.all(name, type(self[name]) == string || (self[name] >= -9007199254740991 && self[name] <= 9007199254740991))",
                "message": "a number must have at most 53 bits: write a larger one as a string"
              }
            ]
          },
          "backend": {
            "type": "string",
            "enum": [
              "Job",
              "Local"
            ]
          },
          "forks": {
            "type": "integer",
            "format": "int32",
            "minimum": 1,
            "maximum": 100
          },
          "serial": {
            "type": "integer",
            "format": "int32",
            "minimum": 1,
            "maximum": 200
          },
          "maxFailPercentage": {
            "type": "integer",
            "format": "int32",
            "minimum": 0,
            "maximum": 100
          },
          "timeoutSeconds": {
            "type": "integer",
            "format": "int32",
            "minimum": 10,
            "maximum": 86400
          },
          "baselineRef": {
            "type": "object",
            "required": [
              "name"
            ],
            "properties": {
              "name": {
                "type": "string",
                "minLength": 1,
                "maxLength": 253,
                "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"
              }
            },
            "additionalProperties": false
          },
          "revision": {
            "type": "string",
            "maxLength": 71,
            "pattern": "^sha256:[0-9a-f]{64}$",
            "patternMessage": "a digest must be `sha256:` followed by 64 lowercase hexadecimal digits"
          },
          "corrections": {
            "type": "array",
            "maxItems": 200,
            "items": {
              "type": "object",
              "required": [
                "device",
                "checks",
                "drifts"
              ],
              "properties": {
                "device": {
                  "type": "string",
                  "minLength": 1,
                  "maxLength": 253,
                  "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"
                },
                "checks": {
                  "type": "array",
                  "minItems": 1,
                  "maxItems": 300,
                  "items": {
                    "type": "string",
                    "maxLength": 128,
                    "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(, attempt [1-9][0-9]{0,3})?$"
                  },
                  "x-kubernetes-list-type": "atomic"
                },
                "drifts": {
                  "type": "string",
                  "maxLength": 4096,
                  "pattern": "^[0-9a-f]{12}( [0-9a-f]{12})*$"
                }
              },
              "x-kubernetes-validations": [
                {
                  "rule": "self.drifts.split(' ').size() == self.checks.size()",
                  "message": "`drifts` must have as many entries as `checks`"
                }
              ],
              "additionalProperties": false
            },
            "x-kubernetes-list-type": "atomic"
          }
        },
        "x-kubernetes-validations": [
          {
            "rule": "has(self.revertOf) != (has(self.playbook) || has(self.checks))",
            "message": "set `checks`, `playbook` or both to run something, or `revertOf` alone to undo a run"
          },
          {
            "rule": "has(self.revertOf) || size(self.deviceNames) > 0",
            "message": "`deviceNames` must name at least one Device"
          }
        ],
        "additionalProperties": false
      },
      "status": {
        "type": "object",
        "properties": {
          "startTime": {
            "type": "string",
            "format": "date-time"
          },
          "executor": {
            "type": "string",
            "minLength": 1,
            "maxLength": 512,
            "pattern": "^[^\\x00-\\x1f\\x7f]*$"
          },
          "job": {
            "type": "object",
            "required": [
              "name"
            ],
            "properties": {
              "name": {
                "type": "string",
                "minLength": 1,
                "maxLength": 253,
                "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"
              },
              "uid": {
                "type": "string",
                "maxLength": 64
              }
            },
            "additionalProperties": false
          },
          "finishTime": {
            "type": "string",
            "format": "date-time"
          },
          "completionTime": {
            "type": "string",
            "format": "date-time"
          },
          "summary": {
            "type": "string",
            "minLength": 1,
            "maxLength": 512,
            "pattern": "^[^\\x00-\\x1f\\x7f]*$"
          },
          "hosts": {
            "type": "array",
            "maxItems": 200,
            "items": {
              "type": "object",
              "required": [
                "name",
                "outcome"
              ],
              "properties": {
                "name": {
                  "type": "string",
                  "minLength": 1,
                  "maxLength": 253,
                  "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"
                },
                "outcome": {
                  "type": "string",
                  "enum": [
                    "Verified",
                    "Refused",
                    "Failed",
                    "Unreachable",
                    "Unknown",
                    "Completed"
                  ]
                },
                "changed": {
                  "type": "integer",
                  "format": "int32"
                },
                "failed": {
                  "type": "integer",
                  "format": "int32"
                },
                "message": {
                  "type": "string",
                  "maxLength": 1024
                },
                "notes": {
                  "type": "array",
                  "maxItems": 300,
                  "items": {
                    "type": "string",
                    "minLength": 1,
                    "maxLength": 512,
                    "pattern": "^[^\\x00-\\x1f\\x7f]*$"
                  },
                  "x-kubernetes-list-type": "atomic"
                }
              },
              "additionalProperties": false
            },
            "x-kubernetes-list-type": "map",
            "x-kubernetes-list-map-keys": [
              "name"
            ]
          },
          "failures": {
            "type": "array",
            "maxItems": 1000,
            "items": {
              "type": "object",
              "required": [
                "device",
                "check",
                "message"
              ],
              "properties": {
                "device": {
                  "type": "string",
                  "minLength": 1,
                  "maxLength": 253,
                  "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"
                },
                "check": {
                  "type": "string",
                  "minLength": 1,
                  "maxLength": 63,
                  "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"
                },
                "refused": {
                  "type": "boolean"
                },
                "message": {
                  "type": "string",
                  "maxLength": 1024
                }
              },
              "additionalProperties": false
            },
            "x-kubernetes-list-type": "atomic"
          },
          "before": {
            "type": "array",
            "maxItems": 1000,
            "items": {
              "type": "object",
              "required": [
                "device",
                "checks",
                "states"
              ],
              "properties": {
                "device": {
                  "type": "string",
                  "minLength": 1,
                  "maxLength": 253,
                  "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"
                },
                "checks": {
                  "type": "array",
                  "maxItems": 300,
                  "items": {
                    "type": "string",
                    "minLength": 1,
                    "maxLength": 512,
                    "pattern": "^[^\\x00-\\x1f\\x7f]*$"
                  },
                  "x-kubernetes-list-type": "atomic"
                },
                "states": {
                  "type": "string",
                  "maxLength": 8192
                }
              },
              "additionalProperties": false
            },
            "x-kubernetes-list-type": "atomic"
          },
          "observedGeneration": {
            "type": "integer",
            "format": "int64"
          },
          "conditions": {
            "type": "array",
            "maxItems": 16,
            "items": {
              "type": "object",
              "required": [
                "type",
                "status",
                "lastTransitionTime",
                "reason",
                "message"
              ],
              "properties": {
                "type": {
                  "type": "string",
                  "maxLength": 316
                },
                "status": {
                  "type": "string",
                  "enum": [
                    "True",
                    "False",
                    "Unknown"
                  ]
                },
                "observedGeneration": {
                  "type": "integer",
                  "format": "int64"
                },
                "lastTransitionTime": {
                  "type": "string",
                  "format": "date-time"
                },
                "reason": {
                  "type": "string",
                  "maxLength": 1024
                },
                "message": {
                  "type": "string",
                  "maxLength": 32768
                }
              },
              "additionalProperties": false
            },
            "x-kubernetes-list-type": "map",
            "x-kubernetes-list-map-keys": [
              "type"
            ]
          }
        },
        "additionalProperties": false
      }
    },
    "additionalProperties": false
  },
  "Approval": {
    "type": "object",
    "required": [
      "apiVersion",
      "kind",
      "metadata",
      "spec"
    ],
    "properties": {
      "apiVersion": {
        "type": "string",
        "enum": [
          "holdfast.dev/v1alpha1"
        ]
      },
      "kind": {
        "type": "string",
        "enum": [
          "Approval"
        ]
      },
      "metadata": {
        "type": "object"
      },
      "spec": {
        "type": "object",
        "required": [
          "subjectRef",
          "subjectDigest",
          "decision",
          "approver"
        ],
        "properties": {
          "subjectRef": {
            "type": "object",
            "required": [
              "kind",
              "name"
            ],
            "properties": {
              "kind": {
                "type": "string",
                "enum": [
                  "PolicyWaiver",
                  "CanaryRollout"
                ]
              },
              "name": {
                "type": "string",
                "minLength": 1,
                "maxLength": 253,
                "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"
              }
            },
            "additionalProperties": false
          },
          "subjectDigest": {
            "type": "string",
            "maxLength": 71,
            "pattern": "^sha256:[0-9a-f]{64}$",
            "patternMessage": "a digest must be `sha256:` followed by 64 lowercase hexadecimal digits"
          },
          "decision": {
            "type": "string",
            "enum": [
              "Approve",
              "Reject",
              "RequestInformation"
            ]
          },
          "approver": {
            "type": "string",
            "minLength": 1,
            "maxLength": 253
          },
          "role": {
            "type": "string",
            "minLength": 1,
            "maxLength": 40,
            "pattern": "^[a-z]([-a-z0-9]*[a-z0-9])?$",
            "patternMessage": "a role must consist of lowercase letters, digits and `-`, and begin with a letter"
          },
          "comment": {
            "type": "string",
            "minLength": 1,
            "maxLength": 2048
          }
        },
        "x-kubernetes-validations": [
          {
            "rule": "self == oldSelf",
            "message": "an Approval cannot be changed; create another"
          }
        ],
        "additionalProperties": false
      },
      "status": {
        "type": "object",
        "properties": {
          "observedGeneration": {
            "type": "integer",
            "format": "int64"
          },
          "conditions": {
            "type": "array",
            "maxItems": 16,
            "items": {
              "type": "object",
              "required": [
                "type",
                "status",
                "lastTransitionTime",
                "reason",
                "message"
              ],
              "properties": {
                "type": {
                  "type": "string",
                  "maxLength": 316
                },
                "status": {
                  "type": "string",
                  "enum": [
                    "True",
                    "False",
                    "Unknown"
                  ]
                },
                "observedGeneration": {
                  "type": "integer",
                  "format": "int64"
                },
                "lastTransitionTime": {
                  "type": "string",
                  "format": "date-time"
                },
                "reason": {
                  "type": "string",
                  "maxLength": 1024
                },
                "message": {
                  "type": "string",
                  "maxLength": 32768
                }
              },
              "additionalProperties": false
            },
            "x-kubernetes-list-type": "map",
            "x-kubernetes-list-map-keys": [
              "type"
            ]
          }
        },
        "additionalProperties": false
      }
    },
    "additionalProperties": false
  },
  "CanaryRollout": {
    "type": "object",
    "required": [
      "apiVersion",
      "kind",
      "metadata",
      "spec"
    ],
    "properties": {
      "apiVersion": {
        "type": "string",
        "enum": [
          "holdfast.dev/v1alpha1"
        ]
      },
      "kind": {
        "type": "string",
        "enum": [
          "CanaryRollout"
        ]
      },
      "metadata": {
        "type": "object"
      },
      "spec": {
        "type": "object",
        "required": [
          "target"
        ],
        "properties": {
          "target": {
            "type": "object",
            "required": [
              "deviceBaselineRef"
            ],
            "properties": {
              "deviceBaselineRef": {
                "type": "object",
                "required": [
                  "name"
                ],
                "properties": {
                  "name": {
                    "type": "string",
                    "minLength": 1,
                    "maxLength": 253,
                    "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"
                  }
                },
                "additionalProperties": false
              }
            },
            "x-kubernetes-validations": [
              {
                "rule": "self == oldSelf",
                "message": "the target of a rollout cannot be changed; create another CanaryRollout"
              }
            ],
            "additionalProperties": false
          },
          "steps": {
            "type": "array",
            "minItems": 1,
            "maxItems": 16,
            "items": {
              "type": "object",
              "required": [
                "percent",
                "soakSeconds"
              ],
              "properties": {
                "percent": {
                  "type": "integer",
                  "format": "int32",
                  "minimum": 1,
                  "maximum": 100
                },
                "soakSeconds": {
                  "type": "integer",
                  "format": "int32",
                  "minimum": 0,
                  "maximum": 2592000
                }
              },
              "additionalProperties": false
            },
            "x-kubernetes-list-type": "atomic",
            "x-kubernetes-validations": [
              {
                "rule": "self[size(self) - 1].percent == 100",
                "message": "the last step must have `percent: 100`"
              },
              {
                "rule": "self.map(a, a.percent).isSorted() && self.all(a, self.exists_one(b, a.percent == b.percent))",
                "message": "the percentage must grow from step to step"
              }
            ]
          },
          "pinned": {
            "type": "object",
            "properties": {
              "matchLabels": {
                "type": "object",
                "maxProperties": 32,
                "additionalProperties": {
                  "type": "string",
                  "maxLength": 63,
                  "pattern": "^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$"
                },
                "x-kubernetes-validations": [
                  {
                    "rule": "self.all(key, size(key) <= 317 && key.indexOf('/') <= 253 && key.matches('^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*[/])?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$'))",
                    "message": "a label key must consist of letters, digits and `-_.`, optionally after a domain and `/`"
                  }
                ]
              },
              "matchExpressions": {
                "type": "array",
                "maxItems": 32,
                "items": {
                  "type": "object",
                  "required": [
                    "key",
                    "operator"
                  ],
                  "properties": {
                    "key": {
                      "type": "string",
                      "maxLength": 317,
                      "pattern": "^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*[/])?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$"
                    },
                    "operator": {
                      "type": "string",
                      "enum": [
                        "In",
                        "NotIn",
                        "Exists",
                        "DoesNotExist"
                      ]
                    },
                    "values": {
                      "type": "array",
                      "maxItems": 64,
                      "items": {
                        "type": "string",
                        "maxLength": 63,
                        "pattern": "^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$"
                      },
                      "x-kubernetes-list-type": "atomic"
                    }
                  },
                  "x-kubernetes-validations": [
                    {
                      "rule": "self.key.indexOf('/') <= 253",
                      "message": "the domain of a label key must have at most 253 characters"
                    },
                    {
                      "rule": "self.operator in ['In', 'NotIn'] ? has(self.values) && size(self.values) > 0 : !has(self.values) || size(self.values) == 0",
                      "message": "`In` and `NotIn` require `values`; `Exists` and `DoesNotExist` must have none"
                    }
                  ],
                  "additionalProperties": false
                },
                "x-kubernetes-list-type": "atomic"
              }
            },
            "additionalProperties": false
          },
          "excluded": {
            "type": "object",
            "properties": {
              "matchLabels": {
                "type": "object",
                "maxProperties": 32,
                "additionalProperties": {
                  "type": "string",
                  "maxLength": 63,
                  "pattern": "^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$"
                },
                "x-kubernetes-validations": [
                  {
                    "rule": "self.all(key, size(key) <= 317 && key.indexOf('/') <= 253 && key.matches('^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*[/])?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$'))",
                    "message": "a label key must consist of letters, digits and `-_.`, optionally after a domain and `/`"
                  }
                ]
              },
              "matchExpressions": {
                "type": "array",
                "maxItems": 32,
                "items": {
                  "type": "object",
                  "required": [
                    "key",
                    "operator"
                  ],
                  "properties": {
                    "key": {
                      "type": "string",
                      "maxLength": 317,
                      "pattern": "^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*[/])?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$"
                    },
                    "operator": {
                      "type": "string",
                      "enum": [
                        "In",
                        "NotIn",
                        "Exists",
                        "DoesNotExist"
                      ]
                    },
                    "values": {
                      "type": "array",
                      "maxItems": 64,
                      "items": {
                        "type": "string",
                        "maxLength": 63,
                        "pattern": "^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$"
                      },
                      "x-kubernetes-list-type": "atomic"
                    }
                  },
                  "x-kubernetes-validations": [
                    {
                      "rule": "self.key.indexOf('/') <= 253",
                      "message": "the domain of a label key must have at most 253 characters"
                    },
                    {
                      "rule": "self.operator in ['In', 'NotIn'] ? has(self.values) && size(self.values) > 0 : !has(self.values) || size(self.values) == 0",
                      "message": "`In` and `NotIn` require `values`; `Exists` and `DoesNotExist` must have none"
                    }
                  ],
                  "additionalProperties": false
                },
                "x-kubernetes-list-type": "atomic"
              }
            },
            "additionalProperties": false
          },
          "maxFailed": {
            "maxLength": 4,
            "x-kubernetes-int-or-string": true,
            "x-kubernetes-validations": [
              {
                "rule": "type(self) == int ? self >= 0 && self <= 1000 : self.matches('^([0-9]|[1-9][0-9]|100)%$')",
                "message": "`maxFailed` must be a number from 0 to 1000 or a percentage from 0% to 100%"
              }
            ],
            "type": [
              "integer",
              "string"
            ]
          },
          "stepTimeoutSeconds": {
            "type": "integer",
            "format": "int32",
            "minimum": 10,
            "maximum": 604800
          },
          "gates": {
            "type": "object",
            "properties": {
              "objectives": {
                "type": "array",
                "maxItems": 10,
                "items": {
                  "type": "object",
                  "required": [
                    "name"
                  ],
                  "properties": {
                    "name": {
                      "type": "string",
                      "minLength": 1,
                      "maxLength": 253,
                      "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"
                    }
                  },
                  "additionalProperties": false
                },
                "x-kubernetes-list-type": "map",
                "x-kubernetes-list-map-keys": [
                  "name"
                ]
              },
              "metrics": {
                "type": "array",
                "maxItems": 10,
                "items": {
                  "type": "object",
                  "required": [
                    "name",
                    "query"
                  ],
                  "properties": {
                    "name": {
                      "type": "string",
                      "minLength": 1,
                      "maxLength": 63,
                      "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"
                    },
                    "query": {
                      "type": "string",
                      "minLength": 1,
                      "maxLength": 4096
                    },
                    "server": {
                      "type": "string",
                      "minLength": 1,
                      "maxLength": 63,
                      "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"
                    },
                    "max": {
                      "type": "string",
                      "minLength": 1,
                      "maxLength": 24,
                      "pattern": "^-?[0-9]{1,12}(\\.[0-9]{1,9})?$",
                      "patternMessage": "a number must be written as text, such as \"0.35\""
                    },
                    "min": {
                      "type": "string",
                      "minLength": 1,
                      "maxLength": 24,
                      "pattern": "^-?[0-9]{1,12}(\\.[0-9]{1,9})?$",
                      "patternMessage": "a number must be written as text, such as \"0.35\""
                    },
                    "samplesQuery": {
                      "type": "string",
                      "minLength": 1,
                      "maxLength": 4096
                    },
                    "minSamples": {
                      "type": "integer",
                      "format": "int32",
                      "minimum": 0,
                      "maximum": 1000000000
                    },
                    "consecutiveFailures": {
                      "type": "integer",
                      "format": "int32",
                      "minimum": 1,
                      "maximum": 100
                    },
                    "failures": {
                      "type": "object",
                      "required": [
                        "count",
                        "ofLast"
                      ],
                      "properties": {
                        "count": {
                          "type": "integer",
                          "format": "int32",
                          "minimum": 1,
                          "maximum": 100
                        },
                        "ofLast": {
                          "type": "integer",
                          "format": "int32",
                          "minimum": 1,
                          "maximum": 100
                        }
                      },
                      "x-kubernetes-validations": [
                        {
                          "rule": "self.count <= self.ofLast",
                          "message": "`count` must not be greater than `ofLast`"
                        }
                      ],
                      "additionalProperties": false
                    }
                  },
                  "x-kubernetes-validations": [
                    {
                      "rule": "has(self.max) || has(self.min)",
                      "message": "set `max`, `min` or both"
                    },
                    {
                      "rule": "!has(self.max) || !has(self.min) || double(self.min) <= double(self.max)",
                      "message": "`min` must not be greater than `max`: no value passes"
                    },
                    {
                      "rule": "has(self.samplesQuery) == has(self.minSamples)",
                      "message": "`samplesQuery` and `minSamples` belong together: set both or neither"
                    }
                  ],
                  "additionalProperties": false
                },
                "x-kubernetes-list-type": "map",
                "x-kubernetes-list-map-keys": [
                  "name"
                ]
              },
              "comparisons": {
                "type": "array",
                "maxItems": 5,
                "items": {
                  "type": "object",
                  "required": [
                    "name",
                    "errorsQuery",
                    "totalQuery"
                  ],
                  "properties": {
                    "name": {
                      "type": "string",
                      "minLength": 1,
                      "maxLength": 63,
                      "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"
                    },
                    "errorsQuery": {
                      "type": "string",
                      "minLength": 1,
                      "maxLength": 4096,
                      "pattern": "\\[\\$window\\]",
                      "patternMessage": "the query must count over the time since the step soaks: write `[$window]` for its range"
                    },
                    "totalQuery": {
                      "type": "string",
                      "minLength": 1,
                      "maxLength": 4096,
                      "pattern": "\\[\\$window\\]",
                      "patternMessage": "the query must count over the time since the step soaks: write `[$window]` for its range"
                    },
                    "server": {
                      "type": "string",
                      "minLength": 1,
                      "maxLength": 63,
                      "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"
                    },
                    "hostLabel": {
                      "type": "string",
                      "maxLength": 128,
                      "pattern": "^[a-zA-Z_][a-zA-Z0-9_]*$"
                    },
                    "selector": {
                      "type": "object",
                      "properties": {
                        "matchLabels": {
                          "type": "object",
                          "maxProperties": 32,
                          "additionalProperties": {
                            "type": "string",
                            "maxLength": 63,
                            "pattern": "^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$"
                          },
                          "x-kubernetes-validations": [
                            {
                              "rule": "self.all(key, size(key) <= 317 && key.indexOf('/') <= 253 && key.matches('^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*[/])?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$'))",
                              "message": "a label key must consist of letters, digits and `-_.`, optionally after a domain and `/`"
                            }
                          ]
                        },
                        "matchExpressions": {
                          "type": "array",
                          "maxItems": 32,
                          "items": {
                            "type": "object",
                            "required": [
                              "key",
                              "operator"
                            ],
                            "properties": {
                              "key": {
                                "type": "string",
                                "maxLength": 317,
                                "pattern": "^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*[/])?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$"
                              },
                              "operator": {
                                "type": "string",
                                "enum": [
                                  "In",
                                  "NotIn",
                                  "Exists",
                                  "DoesNotExist"
                                ]
                              },
                              "values": {
                                "type": "array",
                                "maxItems": 64,
                                "items": {
                                  "type": "string",
                                  "maxLength": 63,
                                  "pattern": "^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$"
                                },
                                "x-kubernetes-list-type": "atomic"
                              }
                            },
                            "x-kubernetes-validations": [
                              {
                                "rule": "self.key.indexOf('/') <= 253",
                                "message": "the domain of a label key must have at most 253 characters"
                              },
                              {
                                "rule": "self.operator in ['In', 'NotIn'] ? has(self.values) && size(self.values) > 0 : !has(self.values) || size(self.values) == 0",
                                "message": "`In` and `NotIn` require `values`; `Exists` and `DoesNotExist` must have none"
                              }
                            ],
                            "additionalProperties": false
                          },
                          "x-kubernetes-list-type": "atomic"
                        }
                      },
                      "additionalProperties": false
                    },
                    "falseAlarmPercent": {
                      "type": "integer",
                      "format": "int32",
                      "minimum": 1,
                      "maximum": 20
                    },
                    "minSamples": {
                      "type": "integer",
                      "format": "int32",
                      "minimum": 1,
                      "maximum": 1000000000
                    }
                  },
                  "additionalProperties": false
                },
                "x-kubernetes-list-type": "map",
                "x-kubernetes-list-map-keys": [
                  "name"
                ]
              },
              "errorBudget": {
                "type": "object",
                "properties": {
                  "minRemainingPercent": {
                    "type": "integer",
                    "format": "int32",
                    "minimum": 0,
                    "maximum": 100
                  },
                  "maxSpendPercent": {
                    "type": "integer",
                    "format": "int32",
                    "minimum": 1,
                    "maximum": 100
                  }
                },
                "additionalProperties": false
              },
              "findings": {
                "type": "object",
                "required": [
                  "minSeverity"
                ],
                "properties": {
                  "minSeverity": {
                    "type": "string",
                    "enum": [
                      "Low",
                      "Medium",
                      "High",
                      "Critical"
                    ]
                  }
                },
                "additionalProperties": false
              },
              "intervalSeconds": {
                "type": "integer",
                "format": "int32",
                "minimum": 10,
                "maximum": 86400
              },
              "maxBlindSeconds": {
                "type": "integer",
                "format": "int32",
                "minimum": 0,
                "maximum": 604800
              }
            },
            "x-kubernetes-validations": [
              {
                "rule": "!has(self.errorBudget) || (has(self.objectives) && size(self.objectives) > 0)",
                "message": "`errorBudget` is about the error budgets of `objectives`: name at least one"
              }
            ],
            "additionalProperties": false
          },
          "rollback": {
            "type": "object",
            "properties": {
              "automatic": {
                "type": "boolean"
              },
              "timeoutSeconds": {
                "type": "integer",
                "format": "int32",
                "minimum": 10,
                "maximum": 604800
              }
            },
            "additionalProperties": false
          },
          "windowRef": {
            "type": "object",
            "required": [
              "name"
            ],
            "properties": {
              "name": {
                "type": "string",
                "minLength": 1,
                "maxLength": 253,
                "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"
              }
            },
            "additionalProperties": false
          },
          "approvals": {
            "type": "array",
            "maxItems": 16,
            "items": {
              "type": "object",
              "required": [
                "beforeStep"
              ],
              "properties": {
                "beforeStep": {
                  "type": "integer",
                  "format": "int32",
                  "minimum": 1,
                  "maximum": 16
                },
                "count": {
                  "type": "integer",
                  "format": "int32",
                  "minimum": 1,
                  "maximum": 5
                }
              },
              "additionalProperties": false
            },
            "x-kubernetes-list-type": "map",
            "x-kubernetes-list-map-keys": [
              "beforeStep"
            ]
          },
          "pause": {
            "type": "object",
            "required": [
              "reason"
            ],
            "properties": {
              "reason": {
                "type": "string",
                "minLength": 1,
                "maxLength": 512,
                "pattern": "^[^\\x00-\\x1f\\x7f]*$"
              },
              "until": {
                "type": "string",
                "format": "date-time",
                "x-kubernetes-validations": [
                  {
                    "rule": "type(self) == google.protobuf.Timestamp",
                    "message": "a time is written as `2026-11-29T04:00:00Z`"
                  }
                ]
              }
            },
            "additionalProperties": false
          }
        },
        "x-kubernetes-validations": [
          {
            "rule": "!has(self.approvals) || self.approvals.all(a, a.beforeStep <= size(self.steps))",
            "message": "`approvals` names a step that does not exist: the first step is 1"
          }
        ],
        "additionalProperties": false
      },
      "status": {
        "type": "object",
        "properties": {
          "revision": {
            "type": "string",
            "maxLength": 71,
            "pattern": "^sha256:[0-9a-f]{64}$",
            "patternMessage": "a digest must be `sha256:` followed by 64 lowercase hexadecimal digits"
          },
          "previousRevision": {
            "type": "string",
            "maxLength": 71,
            "pattern": "^sha256:[0-9a-f]{64}$",
            "patternMessage": "a digest must be `sha256:` followed by 64 lowercase hexadecimal digits"
          },
          "step": {
            "type": "integer",
            "format": "int32"
          },
          "exposedPercent": {
            "type": "integer",
            "format": "int32"
          },
          "startTime": {
            "type": "string",
            "format": "date-time"
          },
          "runBefore": {
            "type": "integer",
            "format": "int32"
          },
          "stepStartTime": {
            "type": "string",
            "format": "date-time"
          },
          "soakStartTime": {
            "type": "string",
            "format": "date-time"
          },
          "completionTime": {
            "type": "string",
            "format": "date-time"
          },
          "failure": {
            "type": "string",
            "minLength": 1,
            "maxLength": 512,
            "pattern": "^[^\\x00-\\x1f\\x7f]*$"
          },
          "rollback": {
            "type": "object",
            "required": [
              "startTime",
              "reason"
            ],
            "properties": {
              "startTime": {
                "type": "string",
                "format": "date-time"
              },
              "reason": {
                "type": "string",
                "minLength": 1,
                "maxLength": 512,
                "pattern": "^[^\\x00-\\x1f\\x7f]*$"
              },
              "rejects": {
                "type": "boolean"
              },
              "completionTime": {
                "type": "string",
                "format": "date-time"
              },
              "incomplete": {
                "type": "array",
                "maxItems": 20,
                "items": {
                  "type": "object",
                  "required": [
                    "device",
                    "message"
                  ],
                  "properties": {
                    "device": {
                      "type": "string",
                      "minLength": 1,
                      "maxLength": 253,
                      "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"
                    },
                    "message": {
                      "type": "string",
                      "minLength": 1,
                      "maxLength": 512,
                      "pattern": "^[^\\x00-\\x1f\\x7f]*$"
                    }
                  },
                  "additionalProperties": false
                },
                "x-kubernetes-list-type": "atomic"
              }
            },
            "additionalProperties": false
          },
          "fleet": {
            "type": "object",
            "required": [
              "total",
              "targeted",
              "converged",
              "failed",
              "unreachable"
            ],
            "properties": {
              "total": {
                "type": "integer",
                "format": "int32"
              },
              "targeted": {
                "type": "integer",
                "format": "int32"
              },
              "converged": {
                "type": "integer",
                "format": "int32"
              },
              "failed": {
                "type": "integer",
                "format": "int32"
              },
              "unreachable": {
                "type": "integer",
                "format": "int32"
              },
              "failureUpperBoundPercent": {
                "type": "integer",
                "format": "int32"
              },
              "missing": {
                "type": "array",
                "maxItems": 20,
                "items": {
                  "type": "object",
                  "required": [
                    "device",
                    "message"
                  ],
                  "properties": {
                    "device": {
                      "type": "string",
                      "minLength": 1,
                      "maxLength": 253,
                      "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"
                    },
                    "message": {
                      "type": "string",
                      "minLength": 1,
                      "maxLength": 512,
                      "pattern": "^[^\\x00-\\x1f\\x7f]*$"
                    }
                  },
                  "additionalProperties": false
                },
                "x-kubernetes-list-type": "atomic"
              }
            },
            "additionalProperties": false
          },
          "verdict": {
            "type": "object",
            "required": [
              "result",
              "time",
              "message"
            ],
            "properties": {
              "result": {
                "type": "string",
                "enum": [
                  "Pass",
                  "Inconclusive",
                  "Error",
                  "Fail"
                ]
              },
              "time": {
                "type": "string",
                "format": "date-time"
              },
              "since": {
                "type": "string",
                "format": "date-time"
              },
              "step": {
                "type": "integer",
                "format": "int32"
              },
              "generation": {
                "type": "integer",
                "format": "int64"
              },
              "message": {
                "type": "string",
                "minLength": 1,
                "maxLength": 512,
                "pattern": "^[^\\x00-\\x1f\\x7f]*$"
              },
              "gates": {
                "type": "array",
                "maxItems": 40,
                "items": {
                  "type": "object",
                  "required": [
                    "gate",
                    "result",
                    "reason",
                    "message"
                  ],
                  "properties": {
                    "gate": {
                      "type": "string",
                      "minLength": 1,
                      "maxLength": 512,
                      "pattern": "^[^\\x00-\\x1f\\x7f]*$"
                    },
                    "result": {
                      "type": "string",
                      "enum": [
                        "Pass",
                        "Inconclusive",
                        "Error",
                        "Fail"
                      ]
                    },
                    "reason": {
                      "type": "string",
                      "minLength": 1,
                      "maxLength": 512,
                      "pattern": "^[^\\x00-\\x1f\\x7f]*$"
                    },
                    "message": {
                      "type": "string",
                      "minLength": 1,
                      "maxLength": 512,
                      "pattern": "^[^\\x00-\\x1f\\x7f]*$"
                    },
                    "value": {
                      "type": "string",
                      "minLength": 1,
                      "maxLength": 512,
                      "pattern": "^[^\\x00-\\x1f\\x7f]*$"
                    },
                    "limit": {
                      "type": "string",
                      "minLength": 1,
                      "maxLength": 512,
                      "pattern": "^[^\\x00-\\x1f\\x7f]*$"
                    },
                    "samples": {
                      "type": "integer",
                      "format": "int32"
                    },
                    "query": {
                      "type": "string",
                      "maxLength": 512
                    },
                    "windowSeconds": {
                      "type": "integer",
                      "format": "int32"
                    },
                    "blindSince": {
                      "type": "string",
                      "format": "date-time"
                    },
                    "recent": {
                      "type": "string",
                      "maxLength": 100,
                      "pattern": "^[PIEF]*$"
                    }
                  },
                  "additionalProperties": false
                },
                "x-kubernetes-list-type": "atomic"
              }
            },
            "additionalProperties": false
          },
          "verdicts": {
            "type": "array",
            "maxItems": 20,
            "items": {
              "type": "object",
              "required": [
                "time",
                "step",
                "result",
                "message"
              ],
              "properties": {
                "time": {
                  "type": "string",
                  "format": "date-time"
                },
                "step": {
                  "type": "integer",
                  "format": "int32"
                },
                "result": {
                  "type": "string",
                  "enum": [
                    "Pass",
                    "Inconclusive",
                    "Error",
                    "Fail"
                  ]
                },
                "message": {
                  "type": "string",
                  "minLength": 1,
                  "maxLength": 512,
                  "pattern": "^[^\\x00-\\x1f\\x7f]*$"
                }
              },
              "additionalProperties": false
            },
            "x-kubernetes-list-type": "atomic"
          },
          "blindSince": {
            "type": "string",
            "format": "date-time"
          },
          "budgets": {
            "type": "array",
            "maxItems": 10,
            "items": {
              "type": "object",
              "required": [
                "name",
                "remainingPercent"
              ],
              "properties": {
                "name": {
                  "type": "string",
                  "minLength": 1,
                  "maxLength": 253,
                  "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"
                },
                "remainingPercent": {
                  "type": "string",
                  "minLength": 1,
                  "maxLength": 24,
                  "pattern": "^-?[0-9]{1,12}(\\.[0-9]{1,9})?$",
                  "patternMessage": "a number must be written as text, such as \"0.35\""
                },
                "highestPercent": {
                  "type": "string",
                  "minLength": 1,
                  "maxLength": 24,
                  "pattern": "^-?[0-9]{1,12}(\\.[0-9]{1,9})?$",
                  "patternMessage": "a number must be written as text, such as \"0.35\""
                },
                "stepSpentPercent": {
                  "type": "string",
                  "minLength": 1,
                  "maxLength": 24,
                  "pattern": "^-?[0-9]{1,12}(\\.[0-9]{1,9})?$",
                  "patternMessage": "a number must be written as text, such as \"0.35\""
                },
                "stepTime": {
                  "type": "string",
                  "format": "date-time"
                }
              },
              "additionalProperties": false
            },
            "x-kubernetes-list-type": "map",
            "x-kubernetes-list-map-keys": [
              "name"
            ]
          },
          "comparisons": {
            "type": "array",
            "maxItems": 5,
            "items": {
              "type": "object",
              "required": [
                "name",
                "steps"
              ],
              "properties": {
                "name": {
                  "type": "string",
                  "minLength": 1,
                  "maxLength": 253,
                  "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"
                },
                "steps": {
                  "type": "array",
                  "maxItems": 16,
                  "items": {
                    "type": "object",
                    "required": [
                      "step",
                      "changedErrors",
                      "errors",
                      "sharePercent",
                      "logEvidence"
                    ],
                    "properties": {
                      "step": {
                        "type": "integer",
                        "format": "int32"
                      },
                      "changedErrors": {
                        "type": "integer",
                        "format": "int64"
                      },
                      "errors": {
                        "type": "integer",
                        "format": "int64"
                      },
                      "sharePercent": {
                        "type": "string",
                        "minLength": 1,
                        "maxLength": 24,
                        "pattern": "^-?[0-9]{1,12}(\\.[0-9]{1,9})?$",
                        "patternMessage": "a number must be written as text, such as \"0.35\""
                      },
                      "logEvidence": {
                        "type": "string",
                        "minLength": 1,
                        "maxLength": 24,
                        "pattern": "^-?[0-9]{1,12}(\\.[0-9]{1,9})?$",
                        "patternMessage": "a number must be written as text, such as \"0.35\""
                      }
                    },
                    "additionalProperties": false
                  },
                  "x-kubernetes-list-type": "map",
                  "x-kubernetes-list-map-keys": [
                    "step"
                  ]
                }
              },
              "additionalProperties": false
            },
            "x-kubernetes-list-type": "map",
            "x-kubernetes-list-map-keys": [
              "name"
            ]
          },
          "approval": {
            "type": "object",
            "required": [
              "step",
              "digest",
              "time",
              "lacking"
            ],
            "properties": {
              "step": {
                "type": "integer",
                "format": "int32"
              },
              "digest": {
                "type": "string",
                "maxLength": 71,
                "pattern": "^sha256:[0-9a-f]{64}$",
                "patternMessage": "a digest must be `sha256:` followed by 64 lowercase hexadecimal digits"
              },
              "time": {
                "type": "string",
                "format": "date-time"
              },
              "lacking": {
                "type": "string",
                "minLength": 1,
                "maxLength": 512,
                "pattern": "^[^\\x00-\\x1f\\x7f]*$"
              }
            },
            "additionalProperties": false
          },
          "summary": {
            "type": "object",
            "required": [
              "revision",
              "step",
              "hosts",
              "state"
            ],
            "properties": {
              "revision": {
                "type": "string",
                "minLength": 1,
                "maxLength": 512,
                "pattern": "^[^\\x00-\\x1f\\x7f]*$"
              },
              "step": {
                "type": "string",
                "minLength": 1,
                "maxLength": 512,
                "pattern": "^[^\\x00-\\x1f\\x7f]*$"
              },
              "hosts": {
                "type": "string",
                "minLength": 1,
                "maxLength": 512,
                "pattern": "^[^\\x00-\\x1f\\x7f]*$"
              },
              "state": {
                "type": "string",
                "minLength": 1,
                "maxLength": 512,
                "pattern": "^[^\\x00-\\x1f\\x7f]*$"
              }
            },
            "additionalProperties": false
          },
          "seal": {
            "type": "string",
            "maxLength": 64,
            "pattern": "^[0-9a-f]{64}$"
          },
          "observedGeneration": {
            "type": "integer",
            "format": "int64"
          },
          "conditions": {
            "type": "array",
            "maxItems": 16,
            "items": {
              "type": "object",
              "required": [
                "type",
                "status",
                "lastTransitionTime",
                "reason",
                "message"
              ],
              "properties": {
                "type": {
                  "type": "string",
                  "maxLength": 316
                },
                "status": {
                  "type": "string",
                  "enum": [
                    "True",
                    "False",
                    "Unknown"
                  ]
                },
                "observedGeneration": {
                  "type": "integer",
                  "format": "int64"
                },
                "lastTransitionTime": {
                  "type": "string",
                  "format": "date-time"
                },
                "reason": {
                  "type": "string",
                  "maxLength": 1024
                },
                "message": {
                  "type": "string",
                  "maxLength": 32768
                }
              },
              "additionalProperties": false
            },
            "x-kubernetes-list-type": "map",
            "x-kubernetes-list-map-keys": [
              "type"
            ]
          }
        },
        "additionalProperties": false
      }
    },
    "additionalProperties": false
  },
  "ClusterBaseline": {
    "type": "object",
    "required": [
      "apiVersion",
      "kind",
      "metadata",
      "spec"
    ],
    "properties": {
      "apiVersion": {
        "type": "string",
        "enum": [
          "holdfast.dev/v1alpha1"
        ]
      },
      "kind": {
        "type": "string",
        "enum": [
          "ClusterBaseline"
        ]
      },
      "metadata": {
        "type": "object"
      },
      "spec": {
        "type": "object",
        "required": [
          "serviceAccountRef"
        ],
        "properties": {
          "serviceAccountRef": {
            "type": "object",
            "required": [
              "namespace",
              "name"
            ],
            "properties": {
              "namespace": {
                "type": "string",
                "minLength": 1,
                "maxLength": 63,
                "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"
              },
              "name": {
                "type": "string",
                "minLength": 1,
                "maxLength": 253,
                "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"
              }
            },
            "additionalProperties": false
          },
          "mode": {
            "type": "string",
            "enum": [
              "Inform",
              "Enforce"
            ]
          },
          "objects": {
            "type": "array",
            "maxItems": 100,
            "items": {
              "type": "object",
              "required": [
                "name",
                "template"
              ],
              "properties": {
                "name": {
                  "type": "string",
                  "minLength": 1,
                  "maxLength": 63,
                  "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"
                },
                "severity": {
                  "type": "string",
                  "enum": [
                    "Low",
                    "Medium",
                    "High",
                    "Critical"
                  ]
                },
                "controls": {
                  "type": "array",
                  "maxItems": 16,
                  "items": {
                    "type": "string",
                    "minLength": 1,
                    "maxLength": 128,
                    "pattern": "^[^\\x00-\\x1f\\x7f]*$"
                  },
                  "x-kubernetes-list-type": "set"
                },
                "match": {
                  "type": "string",
                  "enum": [
                    "MustHave",
                    "MustContain",
                    "MustNotHave",
                    "MustOnlyHave",
                    "MustExist"
                  ]
                },
                "namespaceSelector": {
                  "type": "object",
                  "properties": {
                    "include": {
                      "type": "array",
                      "minItems": 1,
                      "maxItems": 64,
                      "items": {
                        "type": "string",
                        "minLength": 1,
                        "maxLength": 63,
                        "pattern": "^[a-z0-9*?]([-a-z0-9*?]*[a-z0-9*?])?$"
                      },
                      "x-kubernetes-list-type": "atomic"
                    },
                    "exclude": {
                      "type": "array",
                      "maxItems": 64,
                      "items": {
                        "type": "string",
                        "minLength": 1,
                        "maxLength": 63,
                        "pattern": "^[a-z0-9*?]([-a-z0-9*?]*[a-z0-9*?])?$"
                      },
                      "x-kubernetes-list-type": "atomic"
                    },
                    "matchLabels": {
                      "type": "object",
                      "maxProperties": 32,
                      "additionalProperties": {
                        "type": "string",
                        "maxLength": 63,
                        "pattern": "^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$"
                      },
                      "x-kubernetes-validations": [
                        {
                          "rule": "self.all(key, size(key) <= 317 && key.indexOf('/') <= 253 && key.matches('^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*[/])?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$'))",
                          "message": "a label key must consist of letters, digits and `-_.`, optionally after a domain and `/`"
                        }
                      ]
                    },
                    "matchExpressions": {
                      "type": "array",
                      "maxItems": 32,
                      "items": {
                        "type": "object",
                        "required": [
                          "key",
                          "operator"
                        ],
                        "properties": {
                          "key": {
                            "type": "string",
                            "maxLength": 317,
                            "pattern": "^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*[/])?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$"
                          },
                          "operator": {
                            "type": "string",
                            "enum": [
                              "In",
                              "NotIn",
                              "Exists",
                              "DoesNotExist"
                            ]
                          },
                          "values": {
                            "type": "array",
                            "maxItems": 64,
                            "items": {
                              "type": "string",
                              "maxLength": 63,
                              "pattern": "^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$"
                            },
                            "x-kubernetes-list-type": "atomic"
                          }
                        },
                        "x-kubernetes-validations": [
                          {
                            "rule": "self.key.indexOf('/') <= 253",
                            "message": "the domain of a label key must have at most 253 characters"
                          },
                          {
                            "rule": "self.operator in ['In', 'NotIn'] ? has(self.values) && size(self.values) > 0 : !has(self.values) || size(self.values) == 0",
                            "message": "`In` and `NotIn` require `values`; `Exists` and `DoesNotExist` must have none"
                          }
                        ],
                        "additionalProperties": false
                      },
                      "x-kubernetes-list-type": "atomic"
                    }
                  },
                  "additionalProperties": false
                },
                "objectSelector": {
                  "type": "object",
                  "properties": {
                    "matchLabels": {
                      "type": "object",
                      "maxProperties": 32,
                      "additionalProperties": {
                        "type": "string",
                        "maxLength": 63,
                        "pattern": "^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$"
                      },
                      "x-kubernetes-validations": [
                        {
                          "rule": "self.all(key, size(key) <= 317 && key.indexOf('/') <= 253 && key.matches('^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*[/])?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$'))",
                          "message": "a label key must consist of letters, digits and `-_.`, optionally after a domain and `/`"
                        }
                      ]
                    },
                    "matchExpressions": {
                      "type": "array",
                      "maxItems": 32,
                      "items": {
                        "type": "object",
                        "required": [
                          "key",
                          "operator"
                        ],
                        "properties": {
                          "key": {
                            "type": "string",
                            "maxLength": 317,
                            "pattern": "^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*[/])?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$"
                          },
                          "operator": {
                            "type": "string",
                            "enum": [
                              "In",
                              "NotIn",
                              "Exists",
                              "DoesNotExist"
                            ]
                          },
                          "values": {
                            "type": "array",
                            "maxItems": 64,
                            "items": {
                              "type": "string",
                              "maxLength": 63,
                              "pattern": "^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$"
                            },
                            "x-kubernetes-list-type": "atomic"
                          }
                        },
                        "x-kubernetes-validations": [
                          {
                            "rule": "self.key.indexOf('/') <= 253",
                            "message": "the domain of a label key must have at most 253 characters"
                          },
                          {
                            "rule": "self.operator in ['In', 'NotIn'] ? has(self.values) && size(self.values) > 0 : !has(self.values) || size(self.values) == 0",
                            "message": "`In` and `NotIn` require `values`; `Exists` and `DoesNotExist` must have none"
                          }
                        ],
                        "additionalProperties": false
                      },
                      "x-kubernetes-list-type": "atomic"
                    }
                  },
                  "additionalProperties": false
                },
                "ignoredPaths": {
                  "type": "array",
                  "maxItems": 16,
                  "items": {
                    "type": "string",
                    "minLength": 1,
                    "maxLength": 256,
                    "pattern": "^[A-Za-z_][A-Za-z0-9_$-]*(\\.[A-Za-z_$][A-Za-z0-9_$-]*|\\[(\\*|[0-9]+|\"([^\"\\\\]|\\\\.)*\"|[A-Za-z][A-Za-z0-9]*=([A-Za-z0-9_./:*-]+|\"([^\"\\\\]|\\\\.)*\")(,[A-Za-z][A-Za-z0-9]*=([A-Za-z0-9_./:*-]+|\"([^\"\\\\]|\\\\.)*\"))*)\\])*$",
                    "patternMessage": "must be a path as findings print it, such as `spec.replicas`, `spec.template.spec.containers[name=app].image`, `webhooks[*].clientConfig` or `metadata.annotations[\"example.com/owner\"]`; JSON pointers and JSONPath are not"
                  },
                  "x-kubernetes-list-type": "set"
                },
                "template": {
                  "type": "object",
                  "required": [
                    "apiVersion",
                    "kind"
                  ],
                  "properties": {
                    "apiVersion": {
                      "type": "string",
                      "minLength": 1,
                      "maxLength": 253,
                      "pattern": "^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*[/])?v[a-z0-9]+$"
                    },
                    "kind": {
                      "type": "string",
                      "minLength": 1,
                      "maxLength": 63,
                      "pattern": "^[A-Z][A-Za-z0-9]*$"
                    }
                  },
                  "x-kubernetes-preserve-unknown-fields": true,
                  "x-kubernetes-validations": [
                    {
                      "rule": "has(self.apiVersion) && has(self.kind)",
                      "message": "the template needs `apiVersion` and `kind`"
                    }
                  ]
                }
              },
              "x-kubernetes-validations": [
                {
                  "rule": "!has(self.ignoredPaths) || self.match != 'MustNotHave'",
                  "message": "`ignoredPaths` is not allowed with `MustNotHave`; remove the field from the template instead"
                },
                {
                  "rule": "!has(self.ignoredPaths) || !self.ignoredPaths.exists(path, path.matches('^(apiVersion|kind|metadata)($|[.\\\\[])') && !path.matches('^metadata\\\\.(labels|annotations|finalizers|ownerReferences)($|[.\\\\[])'))",
                  "message": "`ignoredPaths` must not name fields that identify the object; of metadata, it may name labels, annotations, finalizers and ownerReferences"
                }
              ],
              "additionalProperties": false
            },
            "x-kubernetes-list-type": "map",
            "x-kubernetes-list-map-keys": [
              "name"
            ]
          },
          "checks": {
            "type": "array",
            "maxItems": 100,
            "items": {
              "type": "object",
              "required": [
                "name",
                "resource",
                "expression"
              ],
              "properties": {
                "name": {
                  "type": "string",
                  "minLength": 1,
                  "maxLength": 63,
                  "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"
                },
                "severity": {
                  "type": "string",
                  "enum": [
                    "Low",
                    "Medium",
                    "High",
                    "Critical"
                  ]
                },
                "controls": {
                  "type": "array",
                  "maxItems": 16,
                  "items": {
                    "type": "string",
                    "minLength": 1,
                    "maxLength": 128,
                    "pattern": "^[^\\x00-\\x1f\\x7f]*$"
                  },
                  "x-kubernetes-list-type": "set"
                },
                "resource": {
                  "type": "object",
                  "required": [
                    "kind"
                  ],
                  "properties": {
                    "group": {
                      "type": "string",
                      "maxLength": 253,
                      "pattern": "^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*)?$"
                    },
                    "version": {
                      "type": "string",
                      "maxLength": 63,
                      "pattern": "^(v[a-z0-9]+)?$"
                    },
                    "kind": {
                      "type": "string",
                      "minLength": 1,
                      "maxLength": 63,
                      "pattern": "^[A-Z][A-Za-z0-9]*$"
                    }
                  },
                  "additionalProperties": false
                },
                "namespaceSelector": {
                  "type": "object",
                  "properties": {
                    "include": {
                      "type": "array",
                      "minItems": 1,
                      "maxItems": 64,
                      "items": {
                        "type": "string",
                        "minLength": 1,
                        "maxLength": 63,
                        "pattern": "^[a-z0-9*?]([-a-z0-9*?]*[a-z0-9*?])?$"
                      },
                      "x-kubernetes-list-type": "atomic"
                    },
                    "exclude": {
                      "type": "array",
                      "maxItems": 64,
                      "items": {
                        "type": "string",
                        "minLength": 1,
                        "maxLength": 63,
                        "pattern": "^[a-z0-9*?]([-a-z0-9*?]*[a-z0-9*?])?$"
                      },
                      "x-kubernetes-list-type": "atomic"
                    },
                    "matchLabels": {
                      "type": "object",
                      "maxProperties": 32,
                      "additionalProperties": {
                        "type": "string",
                        "maxLength": 63,
                        "pattern": "^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$"
                      },
                      "x-kubernetes-validations": [
                        {
                          "rule": "self.all(key, size(key) <= 317 && key.indexOf('/') <= 253 && key.matches('^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*[/])?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$'))",
                          "message": "a label key must consist of letters, digits and `-_.`, optionally after a domain and `/`"
                        }
                      ]
                    },
                    "matchExpressions": {
                      "type": "array",
                      "maxItems": 32,
                      "items": {
                        "type": "object",
                        "required": [
                          "key",
                          "operator"
                        ],
                        "properties": {
                          "key": {
                            "type": "string",
                            "maxLength": 317,
                            "pattern": "^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*[/])?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$"
                          },
                          "operator": {
                            "type": "string",
                            "enum": [
                              "In",
                              "NotIn",
                              "Exists",
                              "DoesNotExist"
                            ]
                          },
                          "values": {
                            "type": "array",
                            "maxItems": 64,
                            "items": {
                              "type": "string",
                              "maxLength": 63,
                              "pattern": "^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$"
                            },
                            "x-kubernetes-list-type": "atomic"
                          }
                        },
                        "x-kubernetes-validations": [
                          {
                            "rule": "self.key.indexOf('/') <= 253",
                            "message": "the domain of a label key must have at most 253 characters"
                          },
                          {
                            "rule": "self.operator in ['In', 'NotIn'] ? has(self.values) && size(self.values) > 0 : !has(self.values) || size(self.values) == 0",
                            "message": "`In` and `NotIn` require `values`; `Exists` and `DoesNotExist` must have none"
                          }
                        ],
                        "additionalProperties": false
                      },
                      "x-kubernetes-list-type": "atomic"
                    }
                  },
                  "additionalProperties": false
                },
                "objectSelector": {
                  "type": "object",
                  "properties": {
                    "matchLabels": {
                      "type": "object",
                      "maxProperties": 32,
                      "additionalProperties": {
                        "type": "string",
                        "maxLength": 63,
                        "pattern": "^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$"
                      },
                      "x-kubernetes-validations": [
                        {
                          "rule": "self.all(key, size(key) <= 317 && key.indexOf('/') <= 253 && key.matches('^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*[/])?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$'))",
                          "message": "a label key must consist of letters, digits and `-_.`, optionally after a domain and `/`"
                        }
                      ]
                    },
                    "matchExpressions": {
                      "type": "array",
                      "maxItems": 32,
                      "items": {
                        "type": "object",
                        "required": [
                          "key",
                          "operator"
                        ],
                        "properties": {
                          "key": {
                            "type": "string",
                            "maxLength": 317,
                            "pattern": "^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*[/])?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$"
                          },
                          "operator": {
                            "type": "string",
                            "enum": [
                              "In",
                              "NotIn",
                              "Exists",
                              "DoesNotExist"
                            ]
                          },
                          "values": {
                            "type": "array",
                            "maxItems": 64,
                            "items": {
                              "type": "string",
                              "maxLength": 63,
                              "pattern": "^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$"
                            },
                            "x-kubernetes-list-type": "atomic"
                          }
                        },
                        "x-kubernetes-validations": [
                          {
                            "rule": "self.key.indexOf('/') <= 253",
                            "message": "the domain of a label key must have at most 253 characters"
                          },
                          {
                            "rule": "self.operator in ['In', 'NotIn'] ? has(self.values) && size(self.values) > 0 : !has(self.values) || size(self.values) == 0",
                            "message": "`In` and `NotIn` require `values`; `Exists` and `DoesNotExist` must have none"
                          }
                        ],
                        "additionalProperties": false
                      },
                      "x-kubernetes-list-type": "atomic"
                    }
                  },
                  "additionalProperties": false
                },
                "paramRef": {
                  "type": "object",
                  "required": [
                    "apiVersion",
                    "kind",
                    "name"
                  ],
                  "properties": {
                    "apiVersion": {
                      "type": "string",
                      "minLength": 1,
                      "maxLength": 253,
                      "pattern": "^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*[/])?v[a-z0-9]+$"
                    },
                    "kind": {
                      "type": "string",
                      "minLength": 1,
                      "maxLength": 63,
                      "pattern": "^[A-Z][A-Za-z0-9]*$"
                    },
                    "namespace": {
                      "type": "string",
                      "minLength": 1,
                      "maxLength": 63,
                      "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"
                    },
                    "name": {
                      "type": "string",
                      "minLength": 1,
                      "maxLength": 253,
                      "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"
                    }
                  },
                  "additionalProperties": false
                },
                "variables": {
                  "type": "array",
                  "maxItems": 16,
                  "items": {
                    "type": "object",
                    "required": [
                      "name",
                      "expression"
                    ],
                    "properties": {
                      "name": {
                        "type": "string",
                        "minLength": 1,
                        "maxLength": 63,
                        "pattern": "^[A-Za-z_][A-Za-z0-9_]*$"
                      },
                      "expression": {
                        "type": "string",
                        "minLength": 1,
                        "maxLength": 4096
                      }
                    },
                    "additionalProperties": false
                  },
                  "x-kubernetes-list-type": "map",
                  "x-kubernetes-list-map-keys": [
                    "name"
                  ]
                },
                "expression": {
                  "type": "string",
                  "minLength": 1,
                  "maxLength": 4096
                },
                "message": {
                  "type": "string",
                  "minLength": 1,
                  "maxLength": 512,
                  "pattern": "^[^\\x00-\\x1f\\x7f]*$"
                },
                "messageExpression": {
                  "type": "string",
                  "minLength": 1,
                  "maxLength": 4096
                }
              },
              "additionalProperties": false
            },
            "x-kubernetes-list-type": "map",
            "x-kubernetes-list-map-keys": [
              "name"
            ]
          },
          "prune": {
            "type": "string",
            "enum": [
              "Keep",
              "Created",
              "All"
            ]
          },
          "maxDeletions": {
            "type": "integer",
            "format": "int32",
            "minimum": 0,
            "maximum": 100
          },
          "windowRef": {
            "type": "object",
            "required": [
              "name"
            ],
            "properties": {
              "name": {
                "type": "string",
                "minLength": 1,
                "maxLength": 253,
                "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"
              }
            },
            "additionalProperties": false
          },
          "waivers": {
            "type": "object",
            "properties": {
              "severities": {
                "type": "array",
                "maxItems": 4,
                "items": {
                  "type": "object",
                  "required": [
                    "severity"
                  ],
                  "properties": {
                    "severity": {
                      "type": "string",
                      "enum": [
                        "Low",
                        "Medium",
                        "High",
                        "Critical"
                      ]
                    },
                    "maxDays": {
                      "type": "integer",
                      "format": "int32",
                      "minimum": 1,
                      "maximum": 366
                    },
                    "approvals": {
                      "type": "integer",
                      "format": "int32",
                      "minimum": 1,
                      "maximum": 5
                    },
                    "roles": {
                      "type": "array",
                      "maxItems": 5,
                      "items": {
                        "type": "string",
                        "minLength": 1,
                        "maxLength": 40,
                        "pattern": "^[a-z]([-a-z0-9]*[a-z0-9])?$",
                        "patternMessage": "a role must consist of lowercase letters, digits and `-`, and begin with a letter"
                      },
                      "x-kubernetes-list-type": "set"
                    }
                  },
                  "additionalProperties": false
                },
                "x-kubernetes-list-type": "map",
                "x-kubernetes-list-map-keys": [
                  "severity"
                ]
              },
              "maxRenewals": {
                "type": "integer",
                "format": "int32",
                "minimum": 0,
                "maximum": 100
              },
              "timeZone": {
                "type": "string",
                "minLength": 1,
                "maxLength": 64,
                "pattern": "^[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+){0,2}$",
                "patternMessage": "a time zone must be a name in the IANA database, such as `Europe/Vienna`",
                "x-kubernetes-validations": [
                  {
                    "rule": "size(self) != 3 || self.upperAscii() in ['CET', 'EET', 'EST', 'GMT', 'HST', 'MET', 'MST', 'PRC', 'ROC', 'ROK', 'UCT', 'UTC', 'WET']",
                    "message": "an abbreviation such as BST or IST can mean several time zones; write a name in the IANA database, such as `Europe/London`"
                  }
                ]
              },
              "holidays": {
                "type": "array",
                "maxItems": 128,
                "items": {
                  "type": "string",
                  "maxLength": 10,
                  "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
                  "patternMessage": "a day must be written as YYYY-MM-DD, such as `2026-12-24`"
                },
                "x-kubernetes-list-type": "set"
              }
            },
            "additionalProperties": false
          },
          "suspend": {
            "type": "object",
            "required": [
              "reason"
            ],
            "properties": {
              "reason": {
                "type": "string",
                "minLength": 1,
                "maxLength": 512,
                "pattern": "^[^\\x00-\\x1f\\x7f]*$"
              },
              "until": {
                "type": "string",
                "format": "date-time",
                "x-kubernetes-validations": [
                  {
                    "rule": "type(self) == google.protobuf.Timestamp",
                    "message": "a time is written as `2026-11-29T04:00:00Z`"
                  }
                ]
              }
            },
            "additionalProperties": false
          }
        },
        "x-kubernetes-validations": [
          {
            "rule": "has(self.objects) || has(self.checks)",
            "message": "declare at least one of `objects` and `checks`"
          }
        ],
        "additionalProperties": false
      },
      "status": {
        "type": "object",
        "properties": {
          "revision": {
            "type": "string",
            "maxLength": 71,
            "pattern": "^sha256:[0-9a-f]{64}$",
            "patternMessage": "a digest must be `sha256:` followed by 64 lowercase hexadecimal digits"
          },
          "objects": {
            "type": "object",
            "required": [
              "total",
              "compliant",
              "drifted",
              "waived",
              "unknown"
            ],
            "properties": {
              "total": {
                "type": "integer",
                "format": "int32"
              },
              "compliant": {
                "type": "integer",
                "format": "int32"
              },
              "drifted": {
                "type": "integer",
                "format": "int32"
              },
              "waived": {
                "type": "integer",
                "format": "int32"
              },
              "unknown": {
                "type": "integer",
                "format": "int32"
              }
            },
            "additionalProperties": false
          },
          "summary": {
            "type": "object",
            "required": [
              "compliant"
            ],
            "properties": {
              "compliant": {
                "type": "string",
                "minLength": 1,
                "maxLength": 512,
                "pattern": "^[^\\x00-\\x1f\\x7f]*$"
              },
              "correction": {
                "type": "string",
                "enum": [
                  "Idle",
                  "Unknown",
                  "Running",
                  "Done",
                  "Waiting",
                  "Manual",
                  "Blocked",
                  "Failed",
                  "Halted",
                  "Contended"
                ]
              },
              "correctionMessage": {
                "type": "string",
                "minLength": 1,
                "maxLength": 512,
                "pattern": "^[^\\x00-\\x1f\\x7f]*$"
              }
            },
            "additionalProperties": false
          },
          "findings": {
            "type": "array",
            "maxItems": 10,
            "items": {
              "type": "object",
              "required": [
                "check",
                "result",
                "severity"
              ],
              "properties": {
                "check": {
                  "type": "string",
                  "minLength": 1,
                  "maxLength": 63,
                  "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"
                },
                "controls": {
                  "type": "string",
                  "maxLength": 2080
                },
                "expected": {
                  "type": "string",
                  "maxLength": 1024
                },
                "found": {
                  "type": "string",
                  "maxLength": 1024
                },
                "manual": {
                  "type": "boolean"
                },
                "message": {
                  "type": "string",
                  "maxLength": 1024
                },
                "path": {
                  "type": "string",
                  "maxLength": 1024
                },
                "result": {
                  "type": "string",
                  "enum": [
                    "Fail",
                    "Unknown",
                    "NotApplicable"
                  ]
                },
                "severity": {
                  "type": "string",
                  "enum": [
                    "Low",
                    "Medium",
                    "High",
                    "Critical"
                  ]
                },
                "since": {
                  "type": "string",
                  "format": "date-time"
                },
                "waiver": {
                  "type": "string",
                  "minLength": 1,
                  "maxLength": 253,
                  "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"
                },
                "object": {
                  "type": "object",
                  "required": [
                    "apiVersion",
                    "kind"
                  ],
                  "properties": {
                    "apiVersion": {
                      "type": "string",
                      "maxLength": 253
                    },
                    "kind": {
                      "type": "string",
                      "maxLength": 63
                    },
                    "namespace": {
                      "type": "string",
                      "maxLength": 253
                    },
                    "name": {
                      "type": "string",
                      "maxLength": 253
                    }
                  },
                  "additionalProperties": false
                },
                "manager": {
                  "type": "object",
                  "required": [
                    "name"
                  ],
                  "properties": {
                    "name": {
                      "type": "string",
                      "maxLength": 128
                    },
                    "time": {
                      "type": "string",
                      "format": "date-time"
                    }
                  },
                  "additionalProperties": false
                }
              },
              "additionalProperties": false
            },
            "x-kubernetes-list-type": "atomic"
          },
          "findingsSince": {
            "type": "string",
            "format": "date-time"
          },
          "moreFindings": {
            "type": "integer",
            "format": "int32"
          },
          "ignored": {
            "type": "array",
            "maxItems": 100,
            "items": {
              "type": "object",
              "required": [
                "check",
                "path",
                "objects"
              ],
              "properties": {
                "check": {
                  "type": "string",
                  "minLength": 1,
                  "maxLength": 63,
                  "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"
                },
                "path": {
                  "type": "string",
                  "minLength": 1,
                  "maxLength": 256,
                  "pattern": "^[A-Za-z_][A-Za-z0-9_$-]*(\\.[A-Za-z_$][A-Za-z0-9_$-]*|\\[(\\*|[0-9]+|\"([^\"\\\\]|\\\\.)*\"|[A-Za-z][A-Za-z0-9]*=([A-Za-z0-9_./:*-]+|\"([^\"\\\\]|\\\\.)*\")(,[A-Za-z][A-Za-z0-9]*=([A-Za-z0-9_./:*-]+|\"([^\"\\\\]|\\\\.)*\"))*)\\])*$",
                  "patternMessage": "must be a path as findings print it, such as `spec.replicas`, `spec.template.spec.containers[name=app].image`, `webhooks[*].clientConfig` or `metadata.annotations[\"example.com/owner\"]`; JSON pointers and JSONPath are not"
                },
                "objects": {
                  "type": "integer",
                  "format": "int32"
                }
              },
              "additionalProperties": false
            },
            "x-kubernetes-list-type": "atomic"
          },
          "corrections": {
            "type": "array",
            "maxItems": 100,
            "items": {
              "type": "object",
              "required": [
                "check",
                "target",
                "rounds",
                "lastTime"
              ],
              "properties": {
                "check": {
                  "type": "string",
                  "minLength": 1,
                  "maxLength": 63,
                  "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"
                },
                "target": {
                  "type": "string",
                  "maxLength": 600
                },
                "rounds": {
                  "type": "integer",
                  "format": "int32"
                },
                "lastTime": {
                  "type": "string",
                  "format": "date-time"
                },
                "outcome": {
                  "type": "string",
                  "enum": [
                    "Verified",
                    "Recurred"
                  ]
                },
                "recurred": {
                  "type": "integer",
                  "format": "int32"
                },
                "failed": {
                  "type": "integer",
                  "format": "int32"
                },
                "manager": {
                  "type": "string",
                  "maxLength": 128
                }
              },
              "additionalProperties": false
            },
            "x-kubernetes-list-type": "atomic"
          },
          "idleChecks": {
            "type": "array",
            "maxItems": 300,
            "items": {
              "type": "string",
              "minLength": 1,
              "maxLength": 63,
              "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"
            },
            "x-kubernetes-list-type": "atomic"
          },
          "observedTime": {
            "type": "string",
            "format": "date-time"
          },
          "admission": {
            "type": "object",
            "required": [
              "generation",
              "digest",
              "checked",
              "policies"
            ],
            "properties": {
              "generation": {
                "type": "integer",
                "format": "int64"
              },
              "digest": {
                "type": "string",
                "maxLength": 71,
                "pattern": "^sha256:[0-9a-f]{64}$",
                "patternMessage": "a digest must be `sha256:` followed by 64 lowercase hexadecimal digits"
              },
              "checked": {
                "type": "boolean"
              },
              "policies": {
                "type": "string",
                "maxLength": 71,
                "pattern": "^sha256:[0-9a-f]{64}$",
                "patternMessage": "a digest must be `sha256:` followed by 64 lowercase hexadecimal digits"
              }
            },
            "additionalProperties": false
          },
          "seal": {
            "type": "string",
            "maxLength": 64,
            "pattern": "^[0-9a-f]{64}$"
          },
          "observedGeneration": {
            "type": "integer",
            "format": "int64"
          },
          "conditions": {
            "type": "array",
            "maxItems": 16,
            "items": {
              "type": "object",
              "required": [
                "type",
                "status",
                "lastTransitionTime",
                "reason",
                "message"
              ],
              "properties": {
                "type": {
                  "type": "string",
                  "maxLength": 316
                },
                "status": {
                  "type": "string",
                  "enum": [
                    "True",
                    "False",
                    "Unknown"
                  ]
                },
                "observedGeneration": {
                  "type": "integer",
                  "format": "int64"
                },
                "lastTransitionTime": {
                  "type": "string",
                  "format": "date-time"
                },
                "reason": {
                  "type": "string",
                  "maxLength": 1024
                },
                "message": {
                  "type": "string",
                  "maxLength": 32768
                }
              },
              "additionalProperties": false
            },
            "x-kubernetes-list-type": "map",
            "x-kubernetes-list-map-keys": [
              "type"
            ]
          }
        },
        "additionalProperties": false
      }
    },
    "additionalProperties": false
  },
  "Device": {
    "type": "object",
    "required": [
      "apiVersion",
      "kind",
      "metadata",
      "spec"
    ],
    "properties": {
      "apiVersion": {
        "type": "string",
        "enum": [
          "holdfast.dev/v1alpha1"
        ]
      },
      "kind": {
        "type": "string",
        "enum": [
          "Device"
        ]
      },
      "metadata": {
        "type": "object"
      },
      "spec": {
        "type": "object",
        "required": [
          "ssh"
        ],
        "properties": {
          "ssh": {
            "type": "object",
            "required": [
              "host",
              "user",
              "credentialsRef"
            ],
            "properties": {
              "host": {
                "type": "string",
                "minLength": 1,
                "maxLength": 253,
                "pattern": "^[A-Za-z0-9]([A-Za-z0-9.:_-]*[A-Za-z0-9])?$"
              },
              "port": {
                "type": "integer",
                "format": "int32",
                "minimum": 1,
                "maximum": 65535
              },
              "user": {
                "type": "string",
                "minLength": 1,
                "maxLength": 128,
                "pattern": "^[a-z_][a-z0-9_.-]*(@[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?)?$"
              },
              "become": {
                "type": "string",
                "enum": [
                  "sudo",
                  "none"
                ]
              },
              "hostKeys": {
                "type": "array",
                "minItems": 1,
                "maxItems": 8,
                "items": {
                  "type": "string",
                  "minLength": 32,
                  "maxLength": 2048,
                  "pattern": "^(ssh-ed25519|sk-ssh-ed25519@openssh\\.com|ecdsa-sha2-nistp(256|384|521)|ssh-rsa) [A-Za-z0-9+/=]+( [^\\x00-\\x1f\\x7f]*)?$",
                  "patternMessage": "a key must be a line such as `ssh-ed25519 AAAA…`; copy it from /etc/ssh/ssh_host_ed25519_key.pub on the host, or from `ssh-keyscan` without the host name"
                },
                "x-kubernetes-list-type": "atomic"
              },
              "hostCertificateAuthorities": {
                "type": "array",
                "minItems": 1,
                "maxItems": 8,
                "items": {
                  "type": "string",
                  "minLength": 32,
                  "maxLength": 2048,
                  "pattern": "^(ssh-ed25519|sk-ssh-ed25519@openssh\\.com|ecdsa-sha2-nistp(256|384|521)|ssh-rsa) [A-Za-z0-9+/=]+( [^\\x00-\\x1f\\x7f]*)?$",
                  "patternMessage": "a key must be a line such as `ssh-ed25519 AAAA…`; copy it from /etc/ssh/ssh_host_ed25519_key.pub on the host, or from `ssh-keyscan` without the host name"
                },
                "x-kubernetes-list-type": "atomic"
              },
              "credentialsRef": {
                "type": "object",
                "required": [
                  "name"
                ],
                "properties": {
                  "name": {
                    "type": "string",
                    "minLength": 1,
                    "maxLength": 253,
                    "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"
                  }
                },
                "additionalProperties": false
              }
            },
            "x-kubernetes-validations": [
              {
                "rule": "has(self.hostKeys) != has(self.hostCertificateAuthorities)",
                "message": "set exactly one of `hostKeys` (from `ssh-keyscan`, compared with the host's console) and `hostCertificateAuthorities`"
              }
            ],
            "additionalProperties": false
          },
          "suspend": {
            "type": "object",
            "required": [
              "reason"
            ],
            "properties": {
              "reason": {
                "type": "string",
                "minLength": 1,
                "maxLength": 512,
                "pattern": "^[^\\x00-\\x1f\\x7f]*$"
              },
              "until": {
                "type": "string",
                "format": "date-time",
                "x-kubernetes-validations": [
                  {
                    "rule": "type(self) == google.protobuf.Timestamp",
                    "message": "a time is written as `2026-11-29T04:00:00Z`"
                  }
                ]
              }
            },
            "additionalProperties": false
          }
        },
        "additionalProperties": false
      },
      "status": {
        "type": "object",
        "properties": {
          "facts": {
            "type": "object",
            "properties": {
              "os": {
                "type": "string",
                "minLength": 1,
                "maxLength": 512,
                "pattern": "^[^\\x00-\\x1f\\x7f]*$"
              },
              "version": {
                "type": "string",
                "minLength": 1,
                "maxLength": 512,
                "pattern": "^[^\\x00-\\x1f\\x7f]*$"
              },
              "kernel": {
                "type": "string",
                "minLength": 1,
                "maxLength": 512,
                "pattern": "^[^\\x00-\\x1f\\x7f]*$"
              },
              "architecture": {
                "type": "string",
                "minLength": 1,
                "maxLength": 512,
                "pattern": "^[^\\x00-\\x1f\\x7f]*$"
              },
              "hostname": {
                "type": "string",
                "minLength": 1,
                "maxLength": 512,
                "pattern": "^[^\\x00-\\x1f\\x7f]*$"
              },
              "selinux": {
                "type": "string",
                "minLength": 1,
                "maxLength": 512,
                "pattern": "^[^\\x00-\\x1f\\x7f]*$"
              },
              "bootTime": {
                "type": "string",
                "format": "date-time"
              }
            },
            "additionalProperties": false
          },
          "summary": {
            "type": "object",
            "required": [
              "score",
              "drift",
              "unknown"
            ],
            "properties": {
              "score": {
                "type": "string",
                "minLength": 1,
                "maxLength": 512,
                "pattern": "^[^\\x00-\\x1f\\x7f]*$"
              },
              "drift": {
                "type": "string",
                "minLength": 1,
                "maxLength": 512,
                "pattern": "^[^\\x00-\\x1f\\x7f]*$"
              },
              "unknown": {
                "type": "integer",
                "format": "int32"
              },
              "notApplicable": {
                "type": "integer",
                "format": "int32"
              },
              "revision": {
                "type": "string",
                "minLength": 1,
                "maxLength": 512,
                "pattern": "^[^\\x00-\\x1f\\x7f]*$"
              }
            },
            "additionalProperties": false
          },
          "assigned": {
            "type": "array",
            "maxItems": 50,
            "items": {
              "type": "object",
              "required": [
                "baseline"
              ],
              "properties": {
                "baseline": {
                  "type": "string",
                  "minLength": 1,
                  "maxLength": 253,
                  "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"
                },
                "revision": {
                  "type": "string",
                  "maxLength": 71,
                  "pattern": "^sha256:[0-9a-f]{64}$",
                  "patternMessage": "a digest must be `sha256:` followed by 64 lowercase hexadecimal digits"
                }
              },
              "additionalProperties": false
            },
            "x-kubernetes-list-type": "map",
            "x-kubernetes-list-map-keys": [
              "baseline"
            ]
          },
          "observedGeneration": {
            "type": "integer",
            "format": "int64"
          },
          "conditions": {
            "type": "array",
            "maxItems": 16,
            "items": {
              "type": "object",
              "required": [
                "type",
                "status",
                "lastTransitionTime",
                "reason",
                "message"
              ],
              "properties": {
                "type": {
                  "type": "string",
                  "maxLength": 316
                },
                "status": {
                  "type": "string",
                  "enum": [
                    "True",
                    "False",
                    "Unknown"
                  ]
                },
                "observedGeneration": {
                  "type": "integer",
                  "format": "int64"
                },
                "lastTransitionTime": {
                  "type": "string",
                  "format": "date-time"
                },
                "reason": {
                  "type": "string",
                  "maxLength": 1024
                },
                "message": {
                  "type": "string",
                  "maxLength": 32768
                }
              },
              "additionalProperties": false
            },
            "x-kubernetes-list-type": "map",
            "x-kubernetes-list-map-keys": [
              "type"
            ]
          }
        },
        "additionalProperties": false
      }
    },
    "additionalProperties": false
  },
  "DeviceBaseline": {
    "type": "object",
    "required": [
      "apiVersion",
      "kind",
      "metadata",
      "spec"
    ],
    "properties": {
      "apiVersion": {
        "type": "string",
        "enum": [
          "holdfast.dev/v1alpha1"
        ]
      },
      "kind": {
        "type": "string",
        "enum": [
          "DeviceBaseline"
        ]
      },
      "metadata": {
        "type": "object"
      },
      "spec": {
        "type": "object",
        "required": [
          "selector",
          "checks"
        ],
        "properties": {
          "selector": {
            "type": "object",
            "properties": {
              "matchLabels": {
                "type": "object",
                "maxProperties": 32,
                "additionalProperties": {
                  "type": "string",
                  "maxLength": 63,
                  "pattern": "^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$"
                },
                "x-kubernetes-validations": [
                  {
                    "rule": "self.all(key, size(key) <= 317 && key.indexOf('/') <= 253 && key.matches('^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*[/])?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$'))",
                    "message": "a label key must consist of letters, digits and `-_.`, optionally after a domain and `/`"
                  }
                ]
              },
              "matchExpressions": {
                "type": "array",
                "maxItems": 32,
                "items": {
                  "type": "object",
                  "required": [
                    "key",
                    "operator"
                  ],
                  "properties": {
                    "key": {
                      "type": "string",
                      "maxLength": 317,
                      "pattern": "^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*[/])?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$"
                    },
                    "operator": {
                      "type": "string",
                      "enum": [
                        "In",
                        "NotIn",
                        "Exists",
                        "DoesNotExist"
                      ]
                    },
                    "values": {
                      "type": "array",
                      "maxItems": 64,
                      "items": {
                        "type": "string",
                        "maxLength": 63,
                        "pattern": "^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$"
                      },
                      "x-kubernetes-list-type": "atomic"
                    }
                  },
                  "x-kubernetes-validations": [
                    {
                      "rule": "self.key.indexOf('/') <= 253",
                      "message": "the domain of a label key must have at most 253 characters"
                    },
                    {
                      "rule": "self.operator in ['In', 'NotIn'] ? has(self.values) && size(self.values) > 0 : !has(self.values) || size(self.values) == 0",
                      "message": "`In` and `NotIn` require `values`; `Exists` and `DoesNotExist` must have none"
                    }
                  ],
                  "additionalProperties": false
                },
                "x-kubernetes-list-type": "atomic"
              }
            },
            "additionalProperties": false
          },
          "intervalSeconds": {
            "type": "integer",
            "format": "int32",
            "minimum": 10,
            "maximum": 86400
          },
          "mode": {
            "type": "string",
            "enum": [
              "Inform",
              "Enforce"
            ]
          },
          "checks": {
            "type": "array",
            "minItems": 1,
            "maxItems": 300,
            "items": {
              "type": "object",
              "required": [
                "name"
              ],
              "properties": {
                "name": {
                  "type": "string",
                  "minLength": 1,
                  "maxLength": 63,
                  "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"
                },
                "severity": {
                  "type": "string",
                  "enum": [
                    "Low",
                    "Medium",
                    "High",
                    "Critical"
                  ]
                },
                "controls": {
                  "type": "array",
                  "maxItems": 16,
                  "items": {
                    "type": "string",
                    "minLength": 1,
                    "maxLength": 128,
                    "pattern": "^[^\\x00-\\x1f\\x7f]*$"
                  },
                  "x-kubernetes-list-type": "set"
                },
                "file": {
                  "type": "object",
                  "required": [
                    "path"
                  ],
                  "properties": {
                    "path": {
                      "type": "string",
                      "minLength": 2,
                      "maxLength": 512,
                      "pattern": "^(/([^/.\\x00-\\x1f\\x7f][^/\\x00-\\x1f\\x7f]*|[.][^/.\\x00-\\x1f\\x7f][^/\\x00-\\x1f\\x7f]*|[.][.][^/\\x00-\\x1f\\x7f]+))+$"
                    },
                    "type": {
                      "type": "string",
                      "enum": [
                        "File",
                        "Directory"
                      ]
                    },
                    "state": {
                      "type": "string",
                      "enum": [
                        "Present",
                        "Absent"
                      ]
                    },
                    "content": {
                      "type": "string",
                      "maxLength": 65536
                    },
                    "sha256": {
                      "type": "string",
                      "maxLength": 64,
                      "pattern": "^[0-9a-f]{64}$",
                      "patternMessage": "a SHA-256 is 64 hexadecimal digits in lower case, as `sha256sum` prints it"
                    },
                    "mode": {
                      "type": "string",
                      "maxLength": 4,
                      "pattern": "^[0-7]{3,4}$",
                      "patternMessage": "a mode is three or four octal digits in quotes, such as \"0644\""
                    },
                    "maxMode": {
                      "type": "string",
                      "maxLength": 4,
                      "pattern": "^[0-7]{3,4}$",
                      "patternMessage": "a mode is three or four octal digits in quotes, such as \"0644\""
                    },
                    "owner": {
                      "type": "string",
                      "minLength": 1,
                      "maxLength": 64,
                      "pattern": "^[A-Za-z0-9_]([A-Za-z0-9_.@+\\\\ -]*[A-Za-z0-9_.@+\\\\-])?[$]?$"
                    },
                    "group": {
                      "type": "string",
                      "minLength": 1,
                      "maxLength": 64,
                      "pattern": "^[A-Za-z0-9_]([A-Za-z0-9_.@+\\\\ -]*[A-Za-z0-9_.@+\\\\-])?[$]?$"
                    },
                    "sensitive": {
                      "type": "boolean"
                    }
                  },
                  "x-kubernetes-validations": [
                    {
                      "rule": "!(has(self.content) && has(self.sha256))",
                      "message": "set `content` or `sha256`, not both"
                    },
                    {
                      "rule": "!(has(self.mode) && has(self.maxMode))",
                      "message": "set `mode` or `maxMode`, not both"
                    },
                    {
                      "rule": "!has(self.type) || self.type == 'File' || !(has(self.content) || has(self.sha256) || has(self.sensitive))",
                      "message": "a directory has no `content`, `sha256` or `sensitive`"
                    },
                    {
                      "rule": "!has(self.state) || self.state == 'Present' || !(has(self.content) || has(self.sha256) || has(self.mode) || has(self.maxMode) || has(self.owner) || has(self.group))",
                      "message": "an absent file has no `content`, `sha256`, `mode`, `maxMode`, `owner` or `group`"
                    }
                  ],
                  "additionalProperties": false
                },
                "line": {
                  "type": "object",
                  "required": [
                    "path",
                    "line"
                  ],
                  "properties": {
                    "path": {
                      "type": "string",
                      "minLength": 2,
                      "maxLength": 512,
                      "pattern": "^(/([^/.\\x00-\\x1f\\x7f][^/\\x00-\\x1f\\x7f]*|[.][^/.\\x00-\\x1f\\x7f][^/\\x00-\\x1f\\x7f]*|[.][.][^/\\x00-\\x1f\\x7f]+))+$"
                    },
                    "line": {
                      "type": "string",
                      "minLength": 1,
                      "maxLength": 512,
                      "pattern": "^[^\\x00-\\x1f\\x7f]*$"
                    },
                    "state": {
                      "type": "string",
                      "enum": [
                        "Present",
                        "Absent"
                      ]
                    },
                    "startsWith": {
                      "type": "string",
                      "minLength": 1,
                      "maxLength": 512,
                      "pattern": "^[^\\x00-\\x1f\\x7f]*$"
                    },
                    "sensitive": {
                      "type": "boolean"
                    }
                  },
                  "additionalProperties": false
                },
                "setting": {
                  "type": "object",
                  "required": [
                    "path",
                    "key"
                  ],
                  "properties": {
                    "path": {
                      "type": "string",
                      "minLength": 2,
                      "maxLength": 512,
                      "pattern": "^(/([^/.\\x00-\\x1f\\x7f][^/\\x00-\\x1f\\x7f]*|[.][^/.\\x00-\\x1f\\x7f][^/\\x00-\\x1f\\x7f]*|[.][.][^/\\x00-\\x1f\\x7f]+))+$"
                    },
                    "format": {
                      "type": "string",
                      "enum": [
                        "LoginDefs",
                        "Pwquality",
                        "Faillock",
                        "Auditd",
                        "Dnf",
                        "Systemd",
                        "ShellVariables",
                        "Useradd",
                        "Chrony",
                        "Limits",
                        "Sudoers",
                        "KeyValue",
                        "Ini"
                      ]
                    },
                    "section": {
                      "type": "string",
                      "minLength": 1,
                      "maxLength": 128,
                      "pattern": "^[^\\x00-\\x20\\x7f#;=\\[\\]\"'][^\\x00-\\x1f\\x7f#;=\\[\\]\"']*$"
                    },
                    "key": {
                      "type": "string",
                      "minLength": 1,
                      "maxLength": 128,
                      "pattern": "^[^\\x00-\\x20\\x7f#;=\\[\\]\"'][^\\x00-\\x1f\\x7f#;=\\[\\]\"']*$"
                    },
                    "value": {
                      "type": "string",
                      "minLength": 1,
                      "maxLength": 512,
                      "pattern": "^[^\\x00-\\x1f\\x7f]*$"
                    },
                    "compare": {
                      "type": "string",
                      "enum": [
                        "Equal",
                        "AtMost",
                        "AtLeast",
                        "SameWords"
                      ]
                    },
                    "state": {
                      "type": "string",
                      "enum": [
                        "Present",
                        "Absent"
                      ]
                    },
                    "notify": {
                      "type": "object",
                      "required": [
                        "unit"
                      ],
                      "properties": {
                        "unit": {
                          "type": "string",
                          "minLength": 1,
                          "maxLength": 128,
                          "pattern": "^[A-Za-z0-9:_.@][A-Za-z0-9:_.@\\\\-]*$"
                        },
                        "action": {
                          "type": "string",
                          "enum": [
                            "reload",
                            "restart",
                            "try-reload-or-restart"
                          ]
                        }
                      },
                      "additionalProperties": false
                    },
                    "sensitive": {
                      "type": "boolean"
                    }
                  },
                  "x-kubernetes-validations": [
                    {
                      "rule": "!has(self.state) || self.state == 'Present' || !(has(self.value) || has(self.compare))",
                      "message": "an absent setting has no `value` and no `compare`"
                    },
                    {
                      "rule": "!has(self.compare) || has(self.value)",
                      "message": "`compare` needs a `value`"
                    },
                    {
                      "rule": "!has(self.compare) || !(self.compare in ['AtMost', 'AtLeast']) || self.value.matches('^[+-]?[0-9]')",
                      "message": "`AtMost` and `AtLeast` need a number as `value`"
                    }
                  ],
                  "additionalProperties": false
                },
                "sshd": {
                  "type": "object",
                  "required": [
                    "option"
                  ],
                  "properties": {
                    "option": {
                      "type": "string",
                      "minLength": 1,
                      "maxLength": 64,
                      "pattern": "^[A-Za-z0-9]+$"
                    },
                    "value": {
                      "type": "string",
                      "minLength": 1,
                      "maxLength": 512,
                      "pattern": "^[^\\x00-\\x1f\\x7f]*$"
                    },
                    "excludes": {
                      "type": "array",
                      "minItems": 1,
                      "maxItems": 64,
                      "items": {
                        "type": "string",
                        "minLength": 1,
                        "maxLength": 128,
                        "pattern": "^[^\\x00-\\x20\\x7f,#\"]+$"
                      },
                      "x-kubernetes-list-type": "set"
                    },
                    "atLeast": {
                      "type": "integer",
                      "format": "int64",
                      "minimum": 0,
                      "maximum": 2147483647
                    },
                    "atMost": {
                      "type": "integer",
                      "format": "int64",
                      "minimum": 0,
                      "maximum": 2147483647
                    }
                  },
                  "x-kubernetes-validations": [
                    {
                      "rule": "[has(self.value), has(self.excludes), has(self.atLeast) || has(self.atMost)].filter(set, set).size() == 1",
                      "message": "set only one of `value`, `excludes`, and a range (`atLeast`, `atMost`)"
                    },
                    {
                      "rule": "!(has(self.atLeast) && has(self.atMost)) || self.atLeast <= self.atMost",
                      "message": "`atLeast` must not exceed `atMost`"
                    }
                  ],
                  "additionalProperties": false
                },
                "sysctl": {
                  "type": "object",
                  "required": [
                    "name",
                    "value"
                  ],
                  "properties": {
                    "name": {
                      "type": "string",
                      "minLength": 1,
                      "maxLength": 128,
                      "pattern": "^[a-z0-9_]+([.][A-Za-z0-9_:@-][A-Za-z0-9_/:@-]*)+$",
                      "patternMessage": "the name of a kernel parameter has dots, such as `kernel.randomize_va_space`"
                    },
                    "value": {
                      "type": "string",
                      "minLength": 1,
                      "maxLength": 512,
                      "pattern": "^[^\\x00-\\x1f\\x7f]*$"
                    },
                    "scope": {
                      "type": "string",
                      "enum": [
                        "Both",
                        "Live",
                        "Persisted"
                      ]
                    }
                  },
                  "additionalProperties": false
                },
                "package": {
                  "type": "object",
                  "required": [
                    "name"
                  ],
                  "properties": {
                    "name": {
                      "type": "string",
                      "minLength": 1,
                      "maxLength": 128,
                      "pattern": "^[A-Za-z0-9][A-Za-z0-9._+-]*$"
                    },
                    "state": {
                      "type": "string",
                      "enum": [
                        "Present",
                        "Absent"
                      ]
                    },
                    "minVersion": {
                      "type": "string",
                      "minLength": 1,
                      "maxLength": 128,
                      "pattern": "^([0-9]+:)?[A-Za-z0-9._+~^]+(-[A-Za-z0-9._+~^]+)?$",
                      "patternMessage": "a version is written `[epoch:]version[-release]`, such as `9.16.23-18` or `32:9.16.23-18`"
                    },
                    "version": {
                      "type": "string",
                      "minLength": 1,
                      "maxLength": 128,
                      "pattern": "^([0-9]+:)?[A-Za-z0-9._+~^]+(-[A-Za-z0-9._+~^]+)?$",
                      "patternMessage": "a version is written `[epoch:]version[-release]`, such as `9.16.23-18` or `32:9.16.23-18`"
                    }
                  },
                  "x-kubernetes-validations": [
                    {
                      "rule": "!(has(self.minVersion) && has(self.version))",
                      "message": "set `minVersion` or `version`, not both"
                    },
                    {
                      "rule": "!has(self.state) || self.state == 'Present' || !(has(self.minVersion) || has(self.version))",
                      "message": "an absent package has no version"
                    }
                  ],
                  "additionalProperties": false
                },
                "service": {
                  "type": "object",
                  "required": [
                    "name"
                  ],
                  "properties": {
                    "name": {
                      "type": "string",
                      "minLength": 1,
                      "maxLength": 128,
                      "pattern": "^[A-Za-z0-9:_.@][A-Za-z0-9:_.@\\\\-]*$"
                    },
                    "enabled": {
                      "type": "boolean"
                    },
                    "running": {
                      "type": "boolean"
                    },
                    "masked": {
                      "type": "boolean"
                    }
                  },
                  "x-kubernetes-validations": [
                    {
                      "rule": "has(self.enabled) || has(self.running) || has(self.masked)",
                      "message": "set at least one of `enabled`, `running` and `masked`"
                    },
                    {
                      "rule": "!has(self.masked) || !self.masked || !((has(self.enabled) && self.enabled) || (has(self.running) && self.running))",
                      "message": "a masked unit can be neither enabled nor running"
                    }
                  ],
                  "additionalProperties": false
                },
                "user": {
                  "type": "object",
                  "required": [
                    "name"
                  ],
                  "properties": {
                    "name": {
                      "type": "string",
                      "minLength": 1,
                      "maxLength": 64,
                      "pattern": "^[A-Za-z0-9_]([A-Za-z0-9_.@+\\\\ -]*[A-Za-z0-9_.@+\\\\-])?[$]?$"
                    },
                    "state": {
                      "type": "string",
                      "enum": [
                        "Present",
                        "Absent"
                      ]
                    },
                    "uid": {
                      "type": "integer",
                      "format": "int64",
                      "minimum": 0,
                      "maximum": 4294967294
                    },
                    "shell": {
                      "type": "string",
                      "minLength": 2,
                      "maxLength": 512,
                      "pattern": "^(/([^/.\\x00-\\x1f\\x7f][^/\\x00-\\x1f\\x7f]*|[.][^/.\\x00-\\x1f\\x7f][^/\\x00-\\x1f\\x7f]*|[.][.][^/\\x00-\\x1f\\x7f]+))+$"
                    },
                    "home": {
                      "type": "string",
                      "minLength": 2,
                      "maxLength": 512,
                      "pattern": "^(/([^/.\\x00-\\x1f\\x7f][^/\\x00-\\x1f\\x7f]*|[.][^/.\\x00-\\x1f\\x7f][^/\\x00-\\x1f\\x7f]*|[.][.][^/\\x00-\\x1f\\x7f]+))+$"
                    },
                    "groups": {
                      "type": "array",
                      "maxItems": 32,
                      "items": {
                        "type": "string",
                        "minLength": 1,
                        "maxLength": 64,
                        "pattern": "^[A-Za-z0-9_]([A-Za-z0-9_.@+\\\\ -]*[A-Za-z0-9_.@+\\\\-])?[$]?$"
                      },
                      "x-kubernetes-list-type": "set"
                    },
                    "locked": {
                      "type": "boolean"
                    }
                  },
                  "x-kubernetes-validations": [
                    {
                      "rule": "!has(self.state) || self.state == 'Present' || !(has(self.uid) || has(self.shell) || has(self.home) || has(self.groups) || has(self.locked))",
                      "message": "an absent user has no other properties"
                    }
                  ],
                  "additionalProperties": false
                },
                "group": {
                  "type": "object",
                  "required": [
                    "name"
                  ],
                  "properties": {
                    "name": {
                      "type": "string",
                      "minLength": 1,
                      "maxLength": 64,
                      "pattern": "^[A-Za-z0-9_]([A-Za-z0-9_.@+\\\\ -]*[A-Za-z0-9_.@+\\\\-])?[$]?$"
                    },
                    "state": {
                      "type": "string",
                      "enum": [
                        "Present",
                        "Absent"
                      ]
                    },
                    "gid": {
                      "type": "integer",
                      "format": "int64",
                      "minimum": 0,
                      "maximum": 4294967294
                    },
                    "members": {
                      "type": "array",
                      "maxItems": 256,
                      "items": {
                        "type": "string",
                        "minLength": 1,
                        "maxLength": 64,
                        "pattern": "^[A-Za-z0-9_]([A-Za-z0-9_.@+\\\\ -]*[A-Za-z0-9_.@+\\\\-])?[$]?$"
                      },
                      "x-kubernetes-list-type": "set"
                    },
                    "exclusive": {
                      "type": "boolean"
                    }
                  },
                  "x-kubernetes-validations": [
                    {
                      "rule": "!has(self.state) || self.state == 'Present' || !(has(self.gid) || has(self.members))",
                      "message": "an absent group has neither `gid` nor `members`"
                    },
                    {
                      "rule": "!has(self.exclusive) || !self.exclusive || has(self.members)",
                      "message": "set `members` too: an exclusive group has only these members"
                    }
                  ],
                  "additionalProperties": false
                },
                "mount": {
                  "type": "object",
                  "required": [
                    "path"
                  ],
                  "properties": {
                    "path": {
                      "type": "string",
                      "minLength": 2,
                      "maxLength": 512,
                      "pattern": "^(/([^/.\\x00-\\x1f\\x7f][^/\\x00-\\x1f\\x7f]*|[.][^/.\\x00-\\x1f\\x7f][^/\\x00-\\x1f\\x7f]*|[.][.][^/\\x00-\\x1f\\x7f]+))+$"
                    },
                    "source": {
                      "type": "string",
                      "minLength": 1,
                      "maxLength": 512,
                      "pattern": "^[^\\x00-\\x20\\x7f]+$"
                    },
                    "type": {
                      "type": "string",
                      "minLength": 1,
                      "maxLength": 32,
                      "pattern": "^[a-z0-9._-]+$"
                    },
                    "options": {
                      "type": "array",
                      "maxItems": 16,
                      "items": {
                        "type": "string",
                        "minLength": 1,
                        "maxLength": 64,
                        "pattern": "^[A-Za-z0-9_=.:/%-]+$"
                      },
                      "x-kubernetes-list-type": "set"
                    },
                    "scope": {
                      "type": "string",
                      "enum": [
                        "Both",
                        "Live",
                        "Persisted"
                      ]
                    }
                  },
                  "additionalProperties": false
                },
                "kernelModule": {
                  "type": "object",
                  "required": [
                    "name"
                  ],
                  "properties": {
                    "name": {
                      "type": "string",
                      "minLength": 1,
                      "maxLength": 64,
                      "pattern": "^[A-Za-z0-9_-]+$"
                    },
                    "state": {
                      "type": "string",
                      "enum": [
                        "Disabled",
                        "Loadable"
                      ]
                    },
                    "scope": {
                      "type": "string",
                      "enum": [
                        "Both",
                        "Live",
                        "Persisted"
                      ]
                    }
                  },
                  "additionalProperties": false
                },
                "selinux": {
                  "type": "object",
                  "required": [
                    "mode"
                  ],
                  "properties": {
                    "mode": {
                      "type": "string",
                      "enum": [
                        "Enforcing",
                        "Permissive",
                        "Disabled"
                      ]
                    },
                    "scope": {
                      "type": "string",
                      "enum": [
                        "Both",
                        "Live",
                        "Persisted"
                      ]
                    }
                  },
                  "additionalProperties": false
                },
                "authorizedKeys": {
                  "type": "object",
                  "required": [
                    "user",
                    "keys"
                  ],
                  "properties": {
                    "user": {
                      "type": "string",
                      "minLength": 1,
                      "maxLength": 64,
                      "pattern": "^[A-Za-z0-9_]([A-Za-z0-9_.@+\\\\ -]*[A-Za-z0-9_.@+\\\\-])?[$]?$"
                    },
                    "keys": {
                      "type": "array",
                      "maxItems": 64,
                      "items": {
                        "type": "string",
                        "minLength": 32,
                        "maxLength": 2048,
                        "pattern": "^[^\\x00-\\x1f\\x7f#][^\\x00-\\x1f\\x7f]*$"
                      },
                      "x-kubernetes-list-type": "set"
                    },
                    "exclusive": {
                      "type": "boolean"
                    }
                  },
                  "additionalProperties": false
                }
              },
              "x-kubernetes-validations": [
                {
                  "rule": "[has(self.file), has(self.line), has(self.setting), has(self.sshd), has(self.sysctl), has(self.__package__), has(self.service), has(self.user), has(self.group), has(self.mount), has(self.kernelModule), has(self.selinux), has(self.authorizedKeys)].filter(set, set).size() == 1",
                  "message": "a check must have exactly one of `file`, `line`, `setting`, `sshd`, `sysctl`, `package`, `service`, `user`, `group`, `mount`, `kernelModule`, `selinux` and `authorizedKeys`"
                }
              ],
              "additionalProperties": false
            },
            "x-kubernetes-list-type": "map",
            "x-kubernetes-list-map-keys": [
              "name"
            ]
          },
          "remediation": {
            "type": "object",
            "properties": {
              "backend": {
                "type": "string",
                "enum": [
                  "Job",
                  "Local"
                ]
              },
              "playbookRef": {
                "type": "object",
                "required": [
                  "name"
                ],
                "properties": {
                  "name": {
                    "type": "string",
                    "minLength": 1,
                    "maxLength": 253,
                    "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"
                  }
                },
                "additionalProperties": false
              },
              "windowRef": {
                "type": "object",
                "required": [
                  "name"
                ],
                "properties": {
                  "name": {
                    "type": "string",
                    "minLength": 1,
                    "maxLength": 253,
                    "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"
                  }
                },
                "additionalProperties": false
              },
              "maxUnavailable": {
                "maxLength": 4,
                "x-kubernetes-int-or-string": true,
                "x-kubernetes-validations": [
                  {
                    "rule": "type(self) == int ? self >= 1 && self <= 1000 : self.matches('^([1-9][0-9]?|100)%$')",
                    "message": "`maxUnavailable` must be a number from 1 to 1000 or a percentage from 1% to 100%"
                  }
                ],
                "type": [
                  "integer",
                  "string"
                ]
              },
              "serial": {
                "type": "integer",
                "format": "int32",
                "minimum": 1,
                "maximum": 200
              },
              "maxFailPercentage": {
                "type": "integer",
                "format": "int32",
                "minimum": 0,
                "maximum": 100
              },
              "forks": {
                "type": "integer",
                "format": "int32",
                "minimum": 1,
                "maximum": 100
              },
              "timeoutSeconds": {
                "type": "integer",
                "format": "int32",
                "minimum": 10,
                "maximum": 86400
              }
            },
            "additionalProperties": false
          },
          "waivers": {
            "type": "object",
            "properties": {
              "severities": {
                "type": "array",
                "maxItems": 4,
                "items": {
                  "type": "object",
                  "required": [
                    "severity"
                  ],
                  "properties": {
                    "severity": {
                      "type": "string",
                      "enum": [
                        "Low",
                        "Medium",
                        "High",
                        "Critical"
                      ]
                    },
                    "maxDays": {
                      "type": "integer",
                      "format": "int32",
                      "minimum": 1,
                      "maximum": 366
                    },
                    "approvals": {
                      "type": "integer",
                      "format": "int32",
                      "minimum": 1,
                      "maximum": 5
                    },
                    "roles": {
                      "type": "array",
                      "maxItems": 5,
                      "items": {
                        "type": "string",
                        "minLength": 1,
                        "maxLength": 40,
                        "pattern": "^[a-z]([-a-z0-9]*[a-z0-9])?$",
                        "patternMessage": "a role must consist of lowercase letters, digits and `-`, and begin with a letter"
                      },
                      "x-kubernetes-list-type": "set"
                    }
                  },
                  "additionalProperties": false
                },
                "x-kubernetes-list-type": "map",
                "x-kubernetes-list-map-keys": [
                  "severity"
                ]
              },
              "maxRenewals": {
                "type": "integer",
                "format": "int32",
                "minimum": 0,
                "maximum": 100
              },
              "timeZone": {
                "type": "string",
                "minLength": 1,
                "maxLength": 64,
                "pattern": "^[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+){0,2}$",
                "patternMessage": "a time zone must be a name in the IANA database, such as `Europe/Vienna`",
                "x-kubernetes-validations": [
                  {
                    "rule": "size(self) != 3 || self.upperAscii() in ['CET', 'EET', 'EST', 'GMT', 'HST', 'MET', 'MST', 'PRC', 'ROC', 'ROK', 'UCT', 'UTC', 'WET']",
                    "message": "an abbreviation such as BST or IST can mean several time zones; write a name in the IANA database, such as `Europe/London`"
                  }
                ]
              },
              "holidays": {
                "type": "array",
                "maxItems": 128,
                "items": {
                  "type": "string",
                  "maxLength": 10,
                  "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
                  "patternMessage": "a day must be written as YYYY-MM-DD, such as `2026-12-24`"
                },
                "x-kubernetes-list-type": "set"
              }
            },
            "additionalProperties": false
          },
          "updateStrategy": {
            "type": "object",
            "properties": {
              "type": {
                "type": "string",
                "enum": [
                  "Immediate",
                  "Rollout"
                ]
              }
            },
            "additionalProperties": false
          },
          "suspend": {
            "type": "object",
            "required": [
              "reason"
            ],
            "properties": {
              "reason": {
                "type": "string",
                "minLength": 1,
                "maxLength": 512,
                "pattern": "^[^\\x00-\\x1f\\x7f]*$"
              },
              "until": {
                "type": "string",
                "format": "date-time",
                "x-kubernetes-validations": [
                  {
                    "rule": "type(self) == google.protobuf.Timestamp",
                    "message": "a time is written as `2026-11-29T04:00:00Z`"
                  }
                ]
              }
            },
            "additionalProperties": false
          }
        },
        "additionalProperties": false
      },
      "status": {
        "type": "object",
        "properties": {
          "revision": {
            "type": "string",
            "maxLength": 71,
            "pattern": "^sha256:[0-9a-f]{64}$",
            "patternMessage": "a digest must be `sha256:` followed by 64 lowercase hexadecimal digits"
          },
          "devices": {
            "type": "object",
            "required": [
              "total",
              "compliant",
              "drifted",
              "waived",
              "unknown"
            ],
            "properties": {
              "total": {
                "type": "integer",
                "format": "int32"
              },
              "compliant": {
                "type": "integer",
                "format": "int32"
              },
              "drifted": {
                "type": "integer",
                "format": "int32"
              },
              "waived": {
                "type": "integer",
                "format": "int32"
              },
              "unknown": {
                "type": "integer",
                "format": "int32"
              },
              "notApplicable": {
                "type": "integer",
                "format": "int32"
              }
            },
            "additionalProperties": false
          },
          "summary": {
            "type": "object",
            "required": [
              "compliant"
            ],
            "properties": {
              "compliant": {
                "type": "string",
                "minLength": 1,
                "maxLength": 512,
                "pattern": "^[^\\x00-\\x1f\\x7f]*$"
              },
              "correction": {
                "type": "string",
                "enum": [
                  "Idle",
                  "Unknown",
                  "Running",
                  "Done",
                  "Waiting",
                  "Manual",
                  "Blocked",
                  "Failed",
                  "Halted",
                  "Contended"
                ]
              },
              "correctionMessage": {
                "type": "string",
                "minLength": 1,
                "maxLength": 512,
                "pattern": "^[^\\x00-\\x1f\\x7f]*$"
              }
            },
            "additionalProperties": false
          },
          "worst": {
            "type": "array",
            "maxItems": 10,
            "items": {
              "type": "object",
              "required": [
                "device",
                "standing"
              ],
              "properties": {
                "device": {
                  "type": "string",
                  "minLength": 1,
                  "maxLength": 253,
                  "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"
                },
                "standing": {
                  "type": "string",
                  "minLength": 1,
                  "maxLength": 512,
                  "pattern": "^[^\\x00-\\x1f\\x7f]*$"
                }
              },
              "additionalProperties": false
            },
            "x-kubernetes-list-type": "atomic"
          },
          "runs": {
            "type": "array",
            "maxItems": 256,
            "items": {
              "type": "string",
              "maxLength": 64
            },
            "x-kubernetes-list-type": "atomic"
          },
          "creating": {
            "type": "object",
            "required": [
              "name",
              "digest"
            ],
            "properties": {
              "name": {
                "type": "string",
                "minLength": 1,
                "maxLength": 253,
                "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"
              },
              "digest": {
                "type": "string",
                "maxLength": 71,
                "pattern": "^sha256:[0-9a-f]{64}$",
                "patternMessage": "a digest must be `sha256:` followed by 64 lowercase hexadecimal digits"
              },
              "uid": {
                "type": "string",
                "maxLength": 64
              }
            },
            "additionalProperties": false
          },
          "lastRun": {
            "type": "integer",
            "format": "int32",
            "minimum": 1
          },
          "revisions": {
            "type": "array",
            "maxItems": 20,
            "items": {
              "type": "object",
              "required": [
                "revision",
                "name",
                "devices"
              ],
              "properties": {
                "revision": {
                  "type": "string",
                  "maxLength": 71,
                  "pattern": "^sha256:[0-9a-f]{64}$",
                  "patternMessage": "a digest must be `sha256:` followed by 64 lowercase hexadecimal digits"
                },
                "name": {
                  "type": "string",
                  "minLength": 1,
                  "maxLength": 253,
                  "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"
                },
                "devices": {
                  "type": "integer",
                  "format": "int32"
                },
                "declared": {
                  "type": "boolean"
                }
              },
              "additionalProperties": false
            },
            "x-kubernetes-list-type": "atomic"
          },
          "assignment": {
            "type": "object",
            "properties": {
              "base": {
                "type": "string",
                "maxLength": 71,
                "pattern": "^sha256:[0-9a-f]{64}$",
                "patternMessage": "a digest must be `sha256:` followed by 64 lowercase hexadecimal digits"
              },
              "proven": {
                "type": "boolean"
              },
              "baseRun": {
                "type": "integer",
                "format": "int32"
              },
              "moved": {
                "type": "array",
                "maxItems": 16,
                "items": {
                  "type": "object",
                  "required": [
                    "revision",
                    "devices"
                  ],
                  "properties": {
                    "revision": {
                      "type": "string",
                      "maxLength": 71,
                      "pattern": "^sha256:[0-9a-f]{64}$",
                      "patternMessage": "a digest must be `sha256:` followed by 64 lowercase hexadecimal digits"
                    },
                    "kept": {
                      "type": "boolean"
                    },
                    "devices": {
                      "type": "array",
                      "maxItems": 20000,
                      "items": {
                        "type": "string",
                        "minLength": 1,
                        "maxLength": 253,
                        "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"
                      },
                      "x-kubernetes-list-type": "atomic"
                    }
                  },
                  "additionalProperties": false
                },
                "x-kubernetes-list-type": "atomic"
              },
              "returning": {
                "type": "array",
                "maxItems": 20000,
                "items": {
                  "type": "string",
                  "minLength": 1,
                  "maxLength": 253,
                  "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"
                },
                "x-kubernetes-list-type": "atomic"
              },
              "rejected": {
                "type": "array",
                "maxItems": 20,
                "items": {
                  "type": "object",
                  "required": [
                    "revision",
                    "time",
                    "reason"
                  ],
                  "properties": {
                    "revision": {
                      "type": "string",
                      "maxLength": 71,
                      "pattern": "^sha256:[0-9a-f]{64}$",
                      "patternMessage": "a digest must be `sha256:` followed by 64 lowercase hexadecimal digits"
                    },
                    "time": {
                      "type": "string",
                      "format": "date-time"
                    },
                    "reason": {
                      "type": "string",
                      "minLength": 1,
                      "maxLength": 512,
                      "pattern": "^[^\\x00-\\x1f\\x7f]*$"
                    }
                  },
                  "additionalProperties": false
                },
                "x-kubernetes-list-type": "atomic"
              },
              "checks": {
                "type": "array",
                "maxItems": 4,
                "items": {
                  "type": "object",
                  "required": [
                    "severity",
                    "names"
                  ],
                  "properties": {
                    "severity": {
                      "type": "string",
                      "enum": [
                        "Low",
                        "Medium",
                        "High",
                        "Critical"
                      ]
                    },
                    "names": {
                      "type": "array",
                      "maxItems": 5100,
                      "items": {
                        "type": "string",
                        "minLength": 1,
                        "maxLength": 63,
                        "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"
                      },
                      "x-kubernetes-list-type": "atomic"
                    }
                  },
                  "additionalProperties": false
                },
                "x-kubernetes-list-type": "atomic"
              },
              "seal": {
                "type": "string",
                "maxLength": 64,
                "pattern": "^[0-9a-f]{64}$"
              }
            },
            "additionalProperties": false
          },
          "observedGeneration": {
            "type": "integer",
            "format": "int64"
          },
          "conditions": {
            "type": "array",
            "maxItems": 16,
            "items": {
              "type": "object",
              "required": [
                "type",
                "status",
                "lastTransitionTime",
                "reason",
                "message"
              ],
              "properties": {
                "type": {
                  "type": "string",
                  "maxLength": 316
                },
                "status": {
                  "type": "string",
                  "enum": [
                    "True",
                    "False",
                    "Unknown"
                  ]
                },
                "observedGeneration": {
                  "type": "integer",
                  "format": "int64"
                },
                "lastTransitionTime": {
                  "type": "string",
                  "format": "date-time"
                },
                "reason": {
                  "type": "string",
                  "maxLength": 1024
                },
                "message": {
                  "type": "string",
                  "maxLength": 32768
                }
              },
              "additionalProperties": false
            },
            "x-kubernetes-list-type": "map",
            "x-kubernetes-list-map-keys": [
              "type"
            ]
          }
        },
        "additionalProperties": false
      }
    },
    "additionalProperties": false
  },
  "DriftReport": {
    "type": "object",
    "required": [
      "apiVersion",
      "kind",
      "metadata",
      "spec"
    ],
    "properties": {
      "apiVersion": {
        "type": "string",
        "enum": [
          "holdfast.dev/v1alpha1"
        ]
      },
      "kind": {
        "type": "string",
        "enum": [
          "DriftReport"
        ]
      },
      "metadata": {
        "type": "object"
      },
      "spec": {
        "type": "object",
        "properties": {},
        "additionalProperties": false
      },
      "status": {
        "type": "object",
        "properties": {
          "source": {
            "type": "object",
            "required": [
              "kind",
              "name",
              "revision"
            ],
            "properties": {
              "kind": {
                "type": "string",
                "enum": [
                  "ClusterBaseline",
                  "DeviceBaseline"
                ]
              },
              "name": {
                "type": "string",
                "minLength": 1,
                "maxLength": 253,
                "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"
              },
              "revision": {
                "type": "string",
                "maxLength": 71,
                "pattern": "^sha256:[0-9a-f]{64}$",
                "patternMessage": "a digest must be `sha256:` followed by 64 lowercase hexadecimal digits"
              }
            },
            "additionalProperties": false
          },
          "target": {
            "type": "object",
            "required": [
              "kind",
              "name"
            ],
            "properties": {
              "kind": {
                "type": "string",
                "enum": [
                  "Device",
                  "Namespace",
                  "Cluster"
                ]
              },
              "name": {
                "type": "string",
                "minLength": 1,
                "maxLength": 253,
                "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"
              }
            },
            "additionalProperties": false
          },
          "result": {
            "type": "string",
            "enum": [
              "Pass",
              "Waived",
              "Fail",
              "Unknown",
              "NotApplicable"
            ]
          },
          "summary": {
            "type": "object",
            "required": [
              "fail",
              "waived",
              "unknown",
              "drift"
            ],
            "properties": {
              "pass": {
                "type": "integer",
                "format": "int32"
              },
              "fail": {
                "type": "integer",
                "format": "int32"
              },
              "waived": {
                "type": "integer",
                "format": "int32"
              },
              "unknown": {
                "type": "integer",
                "format": "int32"
              },
              "notApplicable": {
                "type": "integer",
                "format": "int32"
              },
              "drift": {
                "type": "string",
                "minLength": 1,
                "maxLength": 512,
                "pattern": "^[^\\x00-\\x1f\\x7f]*$"
              }
            },
            "additionalProperties": false
          },
          "findings": {
            "type": "array",
            "maxItems": 100,
            "items": {
              "type": "object",
              "required": [
                "check",
                "result",
                "severity"
              ],
              "properties": {
                "check": {
                  "type": "string",
                  "minLength": 1,
                  "maxLength": 63,
                  "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"
                },
                "controls": {
                  "type": "string",
                  "maxLength": 2080
                },
                "expected": {
                  "type": "string",
                  "maxLength": 1024
                },
                "found": {
                  "type": "string",
                  "maxLength": 1024
                },
                "manual": {
                  "type": "boolean"
                },
                "message": {
                  "type": "string",
                  "maxLength": 1024
                },
                "path": {
                  "type": "string",
                  "maxLength": 1024
                },
                "result": {
                  "type": "string",
                  "enum": [
                    "Fail",
                    "Unknown",
                    "NotApplicable"
                  ]
                },
                "severity": {
                  "type": "string",
                  "enum": [
                    "Low",
                    "Medium",
                    "High",
                    "Critical"
                  ]
                },
                "since": {
                  "type": "string",
                  "format": "date-time"
                },
                "waiver": {
                  "type": "string",
                  "minLength": 1,
                  "maxLength": 253,
                  "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"
                },
                "object": {
                  "type": "object",
                  "required": [
                    "apiVersion",
                    "kind"
                  ],
                  "properties": {
                    "apiVersion": {
                      "type": "string",
                      "maxLength": 253
                    },
                    "kind": {
                      "type": "string",
                      "maxLength": 63
                    },
                    "namespace": {
                      "type": "string",
                      "maxLength": 253
                    },
                    "name": {
                      "type": "string",
                      "maxLength": 253
                    }
                  },
                  "additionalProperties": false
                },
                "manager": {
                  "type": "object",
                  "required": [
                    "name"
                  ],
                  "properties": {
                    "name": {
                      "type": "string",
                      "maxLength": 128
                    },
                    "time": {
                      "type": "string",
                      "format": "date-time"
                    }
                  },
                  "additionalProperties": false
                }
              },
              "additionalProperties": false
            },
            "x-kubernetes-list-type": "atomic"
          },
          "moreFindings": {
            "type": "integer",
            "format": "int32"
          },
          "findingsSince": {
            "type": "string",
            "format": "date-time"
          },
          "message": {
            "type": "string",
            "maxLength": 1024
          },
          "afterRun": {
            "type": "string",
            "maxLength": 64
          },
          "observedTime": {
            "type": "string",
            "format": "date-time"
          },
          "observedGeneration": {
            "type": "integer",
            "format": "int64"
          },
          "conditions": {
            "type": "array",
            "maxItems": 16,
            "items": {
              "type": "object",
              "required": [
                "type",
                "status",
                "lastTransitionTime",
                "reason",
                "message"
              ],
              "properties": {
                "type": {
                  "type": "string",
                  "maxLength": 316
                },
                "status": {
                  "type": "string",
                  "enum": [
                    "True",
                    "False",
                    "Unknown"
                  ]
                },
                "observedGeneration": {
                  "type": "integer",
                  "format": "int64"
                },
                "lastTransitionTime": {
                  "type": "string",
                  "format": "date-time"
                },
                "reason": {
                  "type": "string",
                  "maxLength": 1024
                },
                "message": {
                  "type": "string",
                  "maxLength": 32768
                }
              },
              "additionalProperties": false
            },
            "x-kubernetes-list-type": "map",
            "x-kubernetes-list-map-keys": [
              "type"
            ]
          }
        },
        "additionalProperties": false
      }
    },
    "additionalProperties": false
  },
  "EvidenceExport": {
    "type": "object",
    "required": [
      "apiVersion",
      "kind",
      "metadata",
      "spec"
    ],
    "properties": {
      "apiVersion": {
        "type": "string",
        "enum": [
          "holdfast.dev/v1alpha1"
        ]
      },
      "kind": {
        "type": "string",
        "enum": [
          "EvidenceExport"
        ]
      },
      "metadata": {
        "type": "object"
      },
      "spec": {
        "type": "object",
        "required": [
          "storeRef",
          "requestedBy",
          "reason"
        ],
        "properties": {
          "storeRef": {
            "type": "object",
            "required": [
              "name"
            ],
            "properties": {
              "name": {
                "type": "string",
                "minLength": 1,
                "maxLength": 253,
                "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"
              }
            },
            "additionalProperties": false
          },
          "packs": {
            "type": "array",
            "minItems": 1,
            "maxItems": 100,
            "items": {
              "type": "string",
              "minLength": 1,
              "maxLength": 253,
              "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"
            },
            "x-kubernetes-list-type": "set"
          },
          "from": {
            "type": "string",
            "format": "date-time",
            "x-kubernetes-validations": [
              {
                "rule": "type(self) == google.protobuf.Timestamp",
                "message": "a time is written as `2026-11-29T04:00:00Z`"
              }
            ]
          },
          "to": {
            "type": "string",
            "format": "date-time",
            "x-kubernetes-validations": [
              {
                "rule": "type(self) == google.protobuf.Timestamp",
                "message": "a time is written as `2026-11-29T04:00:00Z`"
              }
            ]
          },
          "frameworks": {
            "type": "array",
            "minItems": 1,
            "maxItems": 10,
            "items": {
              "type": "string",
              "minLength": 1,
              "maxLength": 63,
              "pattern": "^[A-Za-z0-9][A-Za-z0-9._-]*$"
            },
            "x-kubernetes-list-type": "set"
          },
          "sections": {
            "type": "array",
            "minItems": 1,
            "maxItems": 5,
            "items": {
              "type": "string",
              "enum": [
                "Evidence",
                "Policy",
                "Slo",
                "Dora",
                "Cost"
              ]
            },
            "x-kubernetes-list-type": "set"
          },
          "requestedBy": {
            "type": "string",
            "minLength": 1,
            "maxLength": 253
          },
          "reason": {
            "type": "string",
            "minLength": 1,
            "maxLength": 512,
            "pattern": "^[^\\x00-\\x1f\\x7f]*$"
          },
          "recipientKey": {
            "type": "string",
            "minLength": 80,
            "maxLength": 512,
            "pattern": "^-----BEGIN PUBLIC KEY-----[\\n][A-Za-z0-9+/=\\n]+[\\n]-----END PUBLIC KEY-----[\\n]?$",
            "patternMessage": "a public key in PEM begins with `-----BEGIN PUBLIC KEY-----`"
          },
          "ttlSeconds": {
            "type": "integer",
            "format": "int32",
            "minimum": 600,
            "maximum": 2592000
          }
        },
        "x-kubernetes-validations": [
          {
            "rule": "self == oldSelf",
            "message": "an export cannot be changed, because it is recorded as it was requested; create another EvidenceExport"
          },
          {
            "rule": "!has(self.from) || !has(self.to) || self.from < self.to",
            "message": "`to` must be after `from`"
          }
        ],
        "additionalProperties": false
      },
      "status": {
        "type": "object",
        "properties": {
          "startTime": {
            "type": "string",
            "format": "date-time"
          },
          "attempts": {
            "type": "integer",
            "format": "int32"
          },
          "archive": {
            "type": "object",
            "required": [
              "digest",
              "bytes",
              "key",
              "packs",
              "leftOut",
              "verdict",
              "recordedTime"
            ],
            "properties": {
              "digest": {
                "type": "string",
                "maxLength": 71,
                "pattern": "^sha256:[0-9a-f]{64}$",
                "patternMessage": "a digest must be `sha256:` followed by 64 lowercase hexadecimal digits"
              },
              "bytes": {
                "type": "integer",
                "format": "int64"
              },
              "key": {
                "type": "string",
                "minLength": 1,
                "maxLength": 512,
                "pattern": "^[^\\x00-\\x1f\\x7f]*$"
              },
              "packs": {
                "type": "array",
                "maxItems": 100,
                "items": {
                  "type": "object",
                  "required": [
                    "name",
                    "first",
                    "last",
                    "count"
                  ],
                  "properties": {
                    "name": {
                      "type": "string",
                      "minLength": 1,
                      "maxLength": 253,
                      "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"
                    },
                    "first": {
                      "type": "integer",
                      "format": "int32"
                    },
                    "last": {
                      "type": "integer",
                      "format": "int32"
                    },
                    "count": {
                      "type": "integer",
                      "format": "int32"
                    }
                  },
                  "additionalProperties": false
                },
                "x-kubernetes-list-type": "atomic"
              },
              "leftOut": {
                "type": "integer",
                "format": "int32"
              },
              "verdict": {
                "type": "string",
                "enum": [
                  "Verified",
                  "Partial"
                ]
              },
              "recordedTime": {
                "type": "string",
                "format": "date-time"
              },
              "storedTime": {
                "type": "string",
                "format": "date-time"
              },
              "uri": {
                "type": "string",
                "minLength": 1,
                "maxLength": 512,
                "pattern": "^[^\\x00-\\x1f\\x7f]*$"
              },
              "versionId": {
                "type": "string",
                "maxLength": 1024
              },
              "lockedUntil": {
                "type": "string",
                "format": "date-time"
              }
            },
            "additionalProperties": false
          },
          "expiryTime": {
            "type": "string",
            "format": "date-time"
          },
          "link": {
            "type": "object",
            "required": [
              "ephemeralKey",
              "ciphertext",
              "time",
              "expiryTime",
              "count"
            ],
            "properties": {
              "ephemeralKey": {
                "type": "string",
                "minLength": 1,
                "maxLength": 512,
                "pattern": "^[^\\x00-\\x1f\\x7f]*$"
              },
              "ciphertext": {
                "type": "string",
                "maxLength": 16384
              },
              "time": {
                "type": "string",
                "format": "date-time"
              },
              "expiryTime": {
                "type": "string",
                "format": "date-time"
              },
              "request": {
                "type": "string",
                "minLength": 1,
                "maxLength": 512,
                "pattern": "^[^\\x00-\\x1f\\x7f]*$"
              },
              "count": {
                "type": "integer",
                "format": "int32"
              }
            },
            "additionalProperties": false
          },
          "removalStartTime": {
            "type": "string",
            "format": "date-time"
          },
          "removal": {
            "type": "object",
            "required": [
              "time",
              "result",
              "message"
            ],
            "properties": {
              "time": {
                "type": "string",
                "format": "date-time"
              },
              "result": {
                "type": "string",
                "enum": [
                  "Removed",
                  "Gone",
                  "Left"
                ]
              },
              "message": {
                "type": "string",
                "minLength": 1,
                "maxLength": 512,
                "pattern": "^[^\\x00-\\x1f\\x7f]*$"
              }
            },
            "additionalProperties": false
          },
          "admission": {
            "type": "object",
            "required": [
              "generation",
              "digest",
              "checked",
              "policies"
            ],
            "properties": {
              "generation": {
                "type": "integer",
                "format": "int64"
              },
              "digest": {
                "type": "string",
                "maxLength": 71,
                "pattern": "^sha256:[0-9a-f]{64}$",
                "patternMessage": "a digest must be `sha256:` followed by 64 lowercase hexadecimal digits"
              },
              "checked": {
                "type": "boolean"
              },
              "policies": {
                "type": "string",
                "maxLength": 71,
                "pattern": "^sha256:[0-9a-f]{64}$",
                "patternMessage": "a digest must be `sha256:` followed by 64 lowercase hexadecimal digits"
              }
            },
            "additionalProperties": false
          },
          "seal": {
            "type": "string",
            "maxLength": 64,
            "pattern": "^[0-9a-f]{64}$"
          },
          "observedGeneration": {
            "type": "integer",
            "format": "int64"
          },
          "conditions": {
            "type": "array",
            "maxItems": 16,
            "items": {
              "type": "object",
              "required": [
                "type",
                "status",
                "lastTransitionTime",
                "reason",
                "message"
              ],
              "properties": {
                "type": {
                  "type": "string",
                  "maxLength": 316
                },
                "status": {
                  "type": "string",
                  "enum": [
                    "True",
                    "False",
                    "Unknown"
                  ]
                },
                "observedGeneration": {
                  "type": "integer",
                  "format": "int64"
                },
                "lastTransitionTime": {
                  "type": "string",
                  "format": "date-time"
                },
                "reason": {
                  "type": "string",
                  "maxLength": 1024
                },
                "message": {
                  "type": "string",
                  "maxLength": 32768
                }
              },
              "additionalProperties": false
            },
            "x-kubernetes-list-type": "map",
            "x-kubernetes-list-map-keys": [
              "type"
            ]
          }
        },
        "additionalProperties": false
      }
    },
    "additionalProperties": false
  },
  "EvidencePack": {
    "type": "object",
    "required": [
      "apiVersion",
      "kind",
      "metadata",
      "spec"
    ],
    "properties": {
      "apiVersion": {
        "type": "string",
        "enum": [
          "holdfast.dev/v1alpha1"
        ]
      },
      "kind": {
        "type": "string",
        "enum": [
          "EvidencePack"
        ]
      },
      "metadata": {
        "type": "object"
      },
      "spec": {
        "type": "object",
        "required": [
          "storeRef",
          "signing"
        ],
        "properties": {
          "schedule": {
            "type": "string",
            "minLength": 9,
            "maxLength": 128
          },
          "timeZone": {
            "type": "string",
            "minLength": 1,
            "maxLength": 64,
            "pattern": "^[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+){0,2}$",
            "patternMessage": "a time zone must be a name in the IANA database, such as `Europe/Vienna`",
            "x-kubernetes-validations": [
              {
                "rule": "size(self) != 3 || self.upperAscii() in ['CET', 'EET', 'EST', 'GMT', 'HST', 'MET', 'MST', 'PRC', 'ROC', 'ROK', 'UCT', 'UTC', 'WET']",
                "message": "an abbreviation such as BST or IST can mean several time zones; write a name in the IANA database, such as `Europe/London`"
              }
            ]
          },
          "period": {
            "type": "object",
            "required": [
              "startTime",
              "endTime"
            ],
            "properties": {
              "startTime": {
                "type": "string",
                "format": "date-time",
                "x-kubernetes-validations": [
                  {
                    "rule": "type(self) == google.protobuf.Timestamp",
                    "message": "a time is written as `2026-11-29T04:00:00Z`"
                  }
                ]
              },
              "endTime": {
                "type": "string",
                "format": "date-time",
                "x-kubernetes-validations": [
                  {
                    "rule": "type(self) == google.protobuf.Timestamp",
                    "message": "a time is written as `2026-11-29T04:00:00Z`"
                  }
                ]
              }
            },
            "x-kubernetes-validations": [
              {
                "rule": "self.startTime < self.endTime",
                "message": "`endTime` must be after `startTime`"
              }
            ],
            "additionalProperties": false
          },
          "storeRef": {
            "type": "object",
            "required": [
              "name"
            ],
            "properties": {
              "name": {
                "type": "string",
                "minLength": 1,
                "maxLength": 253,
                "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"
              }
            },
            "x-kubernetes-validations": [
              {
                "rule": "self == oldSelf",
                "message": "the store cannot be changed, because the packs there are one chain; create another EvidencePack"
              }
            ],
            "additionalProperties": false
          },
          "sections": {
            "type": "array",
            "minItems": 1,
            "maxItems": 5,
            "items": {
              "type": "string",
              "enum": [
                "Evidence",
                "Policy",
                "Slo",
                "Dora",
                "Cost"
              ]
            },
            "x-kubernetes-list-type": "set"
          },
          "frameworks": {
            "type": "array",
            "maxItems": 10,
            "items": {
              "type": "string",
              "minLength": 1,
              "maxLength": 63,
              "pattern": "^[A-Za-z0-9][A-Za-z0-9._-]*$"
            },
            "x-kubernetes-list-type": "set"
          },
          "frameworkRefs": {
            "type": "array",
            "maxItems": 20,
            "items": {
              "type": "object",
              "required": [
                "name"
              ],
              "properties": {
                "name": {
                  "type": "string",
                  "minLength": 1,
                  "maxLength": 253,
                  "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"
                }
              },
              "additionalProperties": false
            },
            "x-kubernetes-list-type": "map",
            "x-kubernetes-list-map-keys": [
              "name"
            ]
          },
          "signing": {
            "type": "object",
            "properties": {
              "keyRef": {
                "type": "object",
                "required": [
                  "name"
                ],
                "properties": {
                  "name": {
                    "type": "string",
                    "minLength": 1,
                    "maxLength": 253,
                    "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"
                  },
                  "unendorsed": {
                    "type": "string",
                    "minLength": 1,
                    "maxLength": 512,
                    "pattern": "^[^\\x00-\\x1f\\x7f]*$"
                  }
                },
                "additionalProperties": false
              },
              "keyless": {
                "type": "object",
                "required": [
                  "service"
                ],
                "properties": {
                  "service": {
                    "type": "string",
                    "minLength": 1,
                    "maxLength": 63,
                    "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"
                  }
                },
                "additionalProperties": false
              },
              "witnesses": {
                "type": "array",
                "maxItems": 5,
                "items": {
                  "type": "string",
                  "minLength": 1,
                  "maxLength": 63,
                  "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"
                },
                "x-kubernetes-list-type": "set"
              }
            },
            "x-kubernetes-validations": [
              {
                "rule": "has(self.keyRef) != has(self.keyless)",
                "message": "set exactly one of `keyRef` and `keyless`"
              }
            ],
            "additionalProperties": false
          },
          "retention": {
            "type": "object",
            "required": [
              "class"
            ],
            "properties": {
              "class": {
                "type": "string",
                "enum": [
                  "Telemetry",
                  "Risk",
                  "Events",
                  "Incidents",
                  "Audit"
                ]
              }
            },
            "additionalProperties": false
          },
          "gate": {
            "type": "object",
            "properties": {
              "allow": {
                "type": "array",
                "maxItems": 50,
                "items": {
                  "type": "object",
                  "required": [
                    "rule",
                    "path",
                    "reason"
                  ],
                  "properties": {
                    "rule": {
                      "type": "string",
                      "minLength": 1,
                      "maxLength": 63,
                      "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"
                    },
                    "path": {
                      "type": "string",
                      "minLength": 3,
                      "maxLength": 512,
                      "pattern": "^\\$[^\\x00-\\x1f\\x7f]+$"
                    },
                    "reason": {
                      "type": "string",
                      "minLength": 1,
                      "maxLength": 512,
                      "pattern": "^[^\\x00-\\x1f\\x7f]*$"
                    }
                  },
                  "additionalProperties": false
                },
                "x-kubernetes-list-type": "atomic"
              }
            },
            "additionalProperties": false
          },
          "skips": {
            "type": "array",
            "maxItems": 20,
            "items": {
              "type": "object",
              "required": [
                "sequence",
                "digest",
                "reason"
              ],
              "properties": {
                "sequence": {
                  "type": "integer",
                  "format": "int32"
                },
                "digest": {
                  "type": "string",
                  "maxLength": 71,
                  "pattern": "^sha256:[0-9a-f]{64}$",
                  "patternMessage": "a digest must be `sha256:` followed by 64 lowercase hexadecimal digits"
                },
                "reason": {
                  "type": "string",
                  "minLength": 1,
                  "maxLength": 512,
                  "pattern": "^[^\\x00-\\x1f\\x7f]*$"
                }
              },
              "additionalProperties": false
            },
            "x-kubernetes-list-type": "map",
            "x-kubernetes-list-map-keys": [
              "sequence"
            ]
          },
          "suspend": {
            "type": "object",
            "required": [
              "reason"
            ],
            "properties": {
              "reason": {
                "type": "string",
                "minLength": 1,
                "maxLength": 512,
                "pattern": "^[^\\x00-\\x1f\\x7f]*$"
              },
              "until": {
                "type": "string",
                "format": "date-time",
                "x-kubernetes-validations": [
                  {
                    "rule": "type(self) == google.protobuf.Timestamp",
                    "message": "a time is written as `2026-11-29T04:00:00Z`"
                  }
                ]
              }
            },
            "additionalProperties": false
          }
        },
        "x-kubernetes-validations": [
          {
            "rule": "!(has(self.schedule) && has(self.period))",
            "message": "set `schedule` for packs that recur, or `period` for a single one, not both"
          }
        ],
        "additionalProperties": false
      },
      "status": {
        "type": "object",
        "properties": {
          "last": {
            "type": "object",
            "required": [
              "sequence",
              "digest",
              "uri",
              "time",
              "periodEnd",
              "complete"
            ],
            "properties": {
              "sequence": {
                "type": "integer",
                "format": "int32"
              },
              "digest": {
                "type": "string",
                "maxLength": 71,
                "pattern": "^sha256:[0-9a-f]{64}$",
                "patternMessage": "a digest must be `sha256:` followed by 64 lowercase hexadecimal digits"
              },
              "uri": {
                "type": "string",
                "minLength": 1,
                "maxLength": 512,
                "pattern": "^[^\\x00-\\x1f\\x7f]*$"
              },
              "versionId": {
                "type": "string",
                "maxLength": 1024
              },
              "time": {
                "type": "string",
                "format": "date-time"
              },
              "periodEnd": {
                "type": "string",
                "format": "date-time"
              },
              "complete": {
                "type": "boolean"
              },
              "bytes": {
                "type": "integer",
                "format": "int64"
              },
              "unwitnessed": {
                "type": "array",
                "maxItems": 5,
                "items": {
                  "type": "string",
                  "minLength": 1,
                  "maxLength": 63,
                  "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"
                },
                "x-kubernetes-list-type": "set"
              }
            },
            "additionalProperties": false
          },
          "packs": {
            "type": "array",
            "maxItems": 30,
            "items": {
              "type": "object",
              "required": [
                "sequence",
                "digest",
                "uri",
                "time",
                "periodEnd",
                "complete"
              ],
              "properties": {
                "sequence": {
                  "type": "integer",
                  "format": "int32"
                },
                "digest": {
                  "type": "string",
                  "maxLength": 71,
                  "pattern": "^sha256:[0-9a-f]{64}$",
                  "patternMessage": "a digest must be `sha256:` followed by 64 lowercase hexadecimal digits"
                },
                "uri": {
                  "type": "string",
                  "minLength": 1,
                  "maxLength": 512,
                  "pattern": "^[^\\x00-\\x1f\\x7f]*$"
                },
                "versionId": {
                  "type": "string",
                  "maxLength": 1024
                },
                "time": {
                  "type": "string",
                  "format": "date-time"
                },
                "periodEnd": {
                  "type": "string",
                  "format": "date-time"
                },
                "complete": {
                  "type": "boolean"
                },
                "bytes": {
                  "type": "integer",
                  "format": "int64"
                },
                "unwitnessed": {
                  "type": "array",
                  "maxItems": 5,
                  "items": {
                    "type": "string",
                    "minLength": 1,
                    "maxLength": 63,
                    "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"
                  },
                  "x-kubernetes-list-type": "set"
                }
              },
              "additionalProperties": false
            },
            "x-kubernetes-list-type": "atomic"
          },
          "making": {
            "type": "object",
            "required": [
              "sequence",
              "periodStart",
              "periodEnd",
              "startTime",
              "attempts"
            ],
            "properties": {
              "sequence": {
                "type": "integer",
                "format": "int32"
              },
              "periodStart": {
                "type": "string",
                "format": "date-time"
              },
              "periodEnd": {
                "type": "string",
                "format": "date-time"
              },
              "startTime": {
                "type": "string",
                "format": "date-time"
              },
              "attempts": {
                "type": "integer",
                "format": "int32"
              }
            },
            "additionalProperties": false
          },
          "nextTime": {
            "type": "string",
            "format": "date-time"
          },
          "missing": {
            "type": "array",
            "maxItems": 10,
            "items": {
              "type": "object",
              "required": [
                "what",
                "reason"
              ],
              "properties": {
                "what": {
                  "type": "string",
                  "minLength": 1,
                  "maxLength": 512,
                  "pattern": "^[^\\x00-\\x1f\\x7f]*$"
                },
                "reason": {
                  "type": "string",
                  "minLength": 1,
                  "maxLength": 512,
                  "pattern": "^[^\\x00-\\x1f\\x7f]*$"
                }
              },
              "additionalProperties": false
            },
            "x-kubernetes-list-type": "atomic"
          },
          "keys": {
            "type": "object",
            "required": [
              "sequence",
              "digest"
            ],
            "properties": {
              "sequence": {
                "type": "integer",
                "format": "int32"
              },
              "digest": {
                "type": "string",
                "maxLength": 71,
                "pattern": "^sha256:[0-9a-f]{64}$",
                "patternMessage": "a digest must be `sha256:` followed by 64 lowercase hexadecimal digits"
              },
              "versionId": {
                "type": "string",
                "maxLength": 1024
              }
            },
            "additionalProperties": false
          },
          "witnessing": {
            "type": "object",
            "required": [
              "packs",
              "newest",
              "witnesses"
            ],
            "properties": {
              "packs": {
                "type": "integer",
                "format": "int32"
              },
              "newest": {
                "type": "integer",
                "format": "int32"
              },
              "witnesses": {
                "type": "array",
                "maxItems": 5,
                "items": {
                  "type": "string",
                  "minLength": 1,
                  "maxLength": 63,
                  "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"
                },
                "x-kubernetes-list-type": "set"
              },
              "nextTime": {
                "type": "string",
                "format": "date-time"
              },
              "message": {
                "type": "string",
                "minLength": 1,
                "maxLength": 512,
                "pattern": "^[^\\x00-\\x1f\\x7f]*$"
              }
            },
            "additionalProperties": false
          },
          "retention": {
            "type": "object",
            "required": [
              "checkTime"
            ],
            "properties": {
              "checkTime": {
                "type": "string",
                "format": "date-time"
              },
              "oldest": {
                "type": "integer",
                "format": "int32"
              },
              "nextTime": {
                "type": "string",
                "format": "date-time"
              }
            },
            "additionalProperties": false
          },
          "seal": {
            "type": "string",
            "maxLength": 64,
            "pattern": "^[0-9a-f]{64}$"
          },
          "observedGeneration": {
            "type": "integer",
            "format": "int64"
          },
          "conditions": {
            "type": "array",
            "maxItems": 16,
            "items": {
              "type": "object",
              "required": [
                "type",
                "status",
                "lastTransitionTime",
                "reason",
                "message"
              ],
              "properties": {
                "type": {
                  "type": "string",
                  "maxLength": 316
                },
                "status": {
                  "type": "string",
                  "enum": [
                    "True",
                    "False",
                    "Unknown"
                  ]
                },
                "observedGeneration": {
                  "type": "integer",
                  "format": "int64"
                },
                "lastTransitionTime": {
                  "type": "string",
                  "format": "date-time"
                },
                "reason": {
                  "type": "string",
                  "maxLength": 1024
                },
                "message": {
                  "type": "string",
                  "maxLength": 32768
                }
              },
              "additionalProperties": false
            },
            "x-kubernetes-list-type": "map",
            "x-kubernetes-list-map-keys": [
              "type"
            ]
          }
        },
        "additionalProperties": false
      }
    },
    "additionalProperties": false
  },
  "EvidenceStore": {
    "type": "object",
    "required": [
      "apiVersion",
      "kind",
      "metadata",
      "spec"
    ],
    "properties": {
      "apiVersion": {
        "type": "string",
        "enum": [
          "holdfast.dev/v1alpha1"
        ]
      },
      "kind": {
        "type": "string",
        "enum": [
          "EvidenceStore"
        ]
      },
      "metadata": {
        "type": "object"
      },
      "spec": {
        "type": "object",
        "properties": {
          "s3": {
            "type": "object",
            "required": [
              "endpoint",
              "bucket",
              "credentialsRef"
            ],
            "properties": {
              "endpoint": {
                "type": "string",
                "minLength": 1,
                "maxLength": 63,
                "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"
              },
              "bucket": {
                "type": "string",
                "minLength": 3,
                "maxLength": 63,
                "pattern": "^[a-z0-9][a-z0-9.-]*[a-z0-9]$",
                "patternMessage": "a bucket is named in lower case letters, digits, `.` and `-`",
                "x-kubernetes-validations": [
                  {
                    "rule": "!self.contains('..') && !self.endsWith('--x-s3') && !self.endsWith('-s3alias') && !self.endsWith('--ol-s3')",
                    "message": "must be the name of a general purpose bucket"
                  }
                ]
              },
              "prefix": {
                "type": "string",
                "minLength": 1,
                "maxLength": 100,
                "pattern": "^[A-Za-z0-9][A-Za-z0-9._-]*([/][A-Za-z0-9][A-Za-z0-9._-]*)*$",
                "patternMessage": "a prefix consists of letters, digits and `._-`, in segments that start with a letter or digit, with `/` between them",
                "x-kubernetes-validations": [
                  {
                    "rule": "!self.split('/').exists(segment, segment == 'holdfast.dev')",
                    "message": "no segment of a prefix can be `holdfast.dev`: what is below belongs to the stores of a namespace"
                  }
                ]
              },
              "credentialsRef": {
                "type": "object",
                "required": [
                  "name"
                ],
                "properties": {
                  "name": {
                    "type": "string",
                    "minLength": 1,
                    "maxLength": 253,
                    "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"
                  }
                },
                "additionalProperties": false
              },
              "objectLock": {
                "type": "object",
                "required": [
                  "mode",
                  "retentionDays"
                ],
                "properties": {
                  "mode": {
                    "type": "string",
                    "enum": [
                      "Governance",
                      "Compliance"
                    ]
                  },
                  "retentionDays": {
                    "type": "integer",
                    "format": "int32",
                    "minimum": 1,
                    "maximum": 36500
                  }
                },
                "additionalProperties": false
              }
            },
            "x-kubernetes-validations": [
              {
                "rule": "self.endpoint == oldSelf.endpoint && self.bucket == oldSelf.bucket",
                "message": "the place of a store cannot be changed; create another EvidenceStore"
              },
              {
                "rule": "has(self.prefix) == has(oldSelf.prefix) && (!has(self.prefix) || self.prefix == oldSelf.prefix)",
                "message": "the place of a store cannot be changed; create another EvidenceStore"
              }
            ],
            "additionalProperties": false
          },
          "filesystem": {
            "type": "object",
            "maxProperties": 0,
            "additionalProperties": {
              "type": "string",
              "minLength": 1,
              "maxLength": 512,
              "pattern": "^[^\\x00-\\x1f\\x7f]*$"
            }
          },
          "holds": {
            "type": "array",
            "maxItems": 50,
            "items": {
              "type": "object",
              "required": [
                "name",
                "reason",
                "placedBy"
              ],
              "properties": {
                "name": {
                  "type": "string",
                  "minLength": 1,
                  "maxLength": 63,
                  "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"
                },
                "reason": {
                  "type": "string",
                  "minLength": 1,
                  "maxLength": 512,
                  "pattern": "^[^\\x00-\\x1f\\x7f]*$"
                },
                "placedBy": {
                  "type": "string",
                  "minLength": 1,
                  "maxLength": 253,
                  "pattern": "^[^\\x00-\\x1f\\x7f]+$"
                },
                "packs": {
                  "type": "array",
                  "minItems": 1,
                  "maxItems": 50,
                  "items": {
                    "type": "string",
                    "minLength": 1,
                    "maxLength": 253,
                    "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"
                  },
                  "x-kubernetes-list-type": "set"
                },
                "from": {
                  "type": "string",
                  "format": "date-time",
                  "x-kubernetes-validations": [
                    {
                      "rule": "type(self) == google.protobuf.Timestamp",
                      "message": "a time is written as `2026-11-29T04:00:00Z`"
                    }
                  ]
                },
                "to": {
                  "type": "string",
                  "format": "date-time",
                  "x-kubernetes-validations": [
                    {
                      "rule": "type(self) == google.protobuf.Timestamp",
                      "message": "a time is written as `2026-11-29T04:00:00Z`"
                    }
                  ]
                },
                "until": {
                  "type": "string",
                  "format": "date-time",
                  "x-kubernetes-validations": [
                    {
                      "rule": "type(self) == google.protobuf.Timestamp",
                      "message": "a time is written as `2026-11-29T04:00:00Z`"
                    }
                  ]
                }
              },
              "x-kubernetes-validations": [
                {
                  "rule": "!has(self.from) || !has(self.to) || self.from < self.to",
                  "message": "`to` must be after `from`"
                }
              ],
              "additionalProperties": false
            },
            "x-kubernetes-list-type": "map",
            "x-kubernetes-list-map-keys": [
              "name"
            ]
          },
          "disposal": {
            "type": "string",
            "enum": [
              "Never",
              "WhenDue"
            ]
          },
          "suspend": {
            "type": "object",
            "required": [
              "reason"
            ],
            "properties": {
              "reason": {
                "type": "string",
                "minLength": 1,
                "maxLength": 512,
                "pattern": "^[^\\x00-\\x1f\\x7f]*$"
              },
              "until": {
                "type": "string",
                "format": "date-time",
                "x-kubernetes-validations": [
                  {
                    "rule": "type(self) == google.protobuf.Timestamp",
                    "message": "a time is written as `2026-11-29T04:00:00Z`"
                  }
                ]
              }
            },
            "additionalProperties": false
          }
        },
        "x-kubernetes-validations": [
          {
            "rule": "has(self.s3) != has(self.filesystem)",
            "message": "set exactly one of `s3` and `filesystem`"
          },
          {
            "rule": "has(self.s3) == has(oldSelf.s3)",
            "message": "the place of a store cannot be changed; create another EvidenceStore"
          }
        ],
        "additionalProperties": false
      },
      "status": {
        "type": "object",
        "properties": {
          "uri": {
            "type": "string",
            "minLength": 1,
            "maxLength": 512,
            "pattern": "^[^\\x00-\\x1f\\x7f]*$"
          },
          "probe": {
            "type": "object",
            "required": [
              "time",
              "revision",
              "key"
            ],
            "properties": {
              "time": {
                "type": "string",
                "format": "date-time"
              },
              "revision": {
                "type": "string",
                "maxLength": 71,
                "pattern": "^sha256:[0-9a-f]{64}$",
                "patternMessage": "a digest must be `sha256:` followed by 64 lowercase hexadecimal digits"
              },
              "key": {
                "type": "string",
                "minLength": 1,
                "maxLength": 512,
                "pattern": "^[^\\x00-\\x1f\\x7f]*$"
              },
              "versionId": {
                "type": "string",
                "maxLength": 1024
              },
              "lockedUntil": {
                "type": "string",
                "format": "date-time"
              }
            },
            "additionalProperties": false
          },
          "holds": {
            "type": "array",
            "maxItems": 50,
            "items": {
              "type": "object",
              "required": [
                "name",
                "placedBy",
                "digest"
              ],
              "properties": {
                "name": {
                  "type": "string",
                  "minLength": 1,
                  "maxLength": 512,
                  "pattern": "^[^\\x00-\\x1f\\x7f]*$"
                },
                "placedBy": {
                  "type": "string",
                  "minLength": 1,
                  "maxLength": 512,
                  "pattern": "^[^\\x00-\\x1f\\x7f]*$"
                },
                "digest": {
                  "type": "string",
                  "maxLength": 71,
                  "pattern": "^sha256:[0-9a-f]{64}$",
                  "patternMessage": "a digest must be `sha256:` followed by 64 lowercase hexadecimal digits"
                }
              },
              "additionalProperties": false
            },
            "x-kubernetes-list-type": "map",
            "x-kubernetes-list-map-keys": [
              "name"
            ]
          },
          "nextDisposalTime": {
            "type": "string",
            "format": "date-time"
          },
          "seal": {
            "type": "string",
            "maxLength": 64,
            "pattern": "^[0-9a-f]{64}$"
          },
          "observedGeneration": {
            "type": "integer",
            "format": "int64"
          },
          "conditions": {
            "type": "array",
            "maxItems": 16,
            "items": {
              "type": "object",
              "required": [
                "type",
                "status",
                "lastTransitionTime",
                "reason",
                "message"
              ],
              "properties": {
                "type": {
                  "type": "string",
                  "maxLength": 316
                },
                "status": {
                  "type": "string",
                  "enum": [
                    "True",
                    "False",
                    "Unknown"
                  ]
                },
                "observedGeneration": {
                  "type": "integer",
                  "format": "int64"
                },
                "lastTransitionTime": {
                  "type": "string",
                  "format": "date-time"
                },
                "reason": {
                  "type": "string",
                  "maxLength": 1024
                },
                "message": {
                  "type": "string",
                  "maxLength": 32768
                }
              },
              "additionalProperties": false
            },
            "x-kubernetes-list-type": "map",
            "x-kubernetes-list-map-keys": [
              "type"
            ]
          }
        },
        "additionalProperties": false
      }
    },
    "additionalProperties": false
  },
  "MaintenanceWindow": {
    "type": "object",
    "required": [
      "apiVersion",
      "kind",
      "metadata",
      "spec"
    ],
    "properties": {
      "apiVersion": {
        "type": "string",
        "enum": [
          "holdfast.dev/v1alpha1"
        ]
      },
      "kind": {
        "type": "string",
        "enum": [
          "MaintenanceWindow"
        ]
      },
      "metadata": {
        "type": "object"
      },
      "spec": {
        "type": "object",
        "required": [
          "windows"
        ],
        "properties": {
          "timeZone": {
            "type": "string",
            "minLength": 1,
            "maxLength": 64,
            "pattern": "^[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+){0,2}$",
            "patternMessage": "a time zone must be a name in the IANA database, such as `Europe/Vienna`",
            "x-kubernetes-validations": [
              {
                "rule": "size(self) != 3 || self.upperAscii() in ['CET', 'EET', 'EST', 'GMT', 'HST', 'MET', 'MST', 'PRC', 'ROC', 'ROK', 'UCT', 'UTC', 'WET']",
                "message": "an abbreviation such as BST or IST can mean several time zones; write a name in the IANA database, such as `Europe/London`"
              }
            ]
          },
          "windows": {
            "type": "array",
            "minItems": 1,
            "maxItems": 16,
            "items": {
              "type": "object",
              "required": [
                "schedule",
                "durationSeconds"
              ],
              "properties": {
                "schedule": {
                  "type": "string",
                  "minLength": 9,
                  "maxLength": 128,
                  "pattern": "^[0-9A-Za-z/*,#?+-]+( [0-9A-Za-z/*,#?+-]+){4}$",
                  "patternMessage": "a schedule must have five fields separated by single spaces: minute, hour, day of month, month, day of week; such as `0 2 * * 0`"
                },
                "durationSeconds": {
                  "type": "integer",
                  "format": "int32",
                  "minimum": 60,
                  "maximum": 604800
                }
              },
              "additionalProperties": false
            },
            "x-kubernetes-list-type": "atomic"
          },
          "freezes": {
            "type": "array",
            "maxItems": 64,
            "items": {
              "type": "object",
              "required": [
                "startTime",
                "endTime",
                "reason"
              ],
              "properties": {
                "startTime": {
                  "type": "string",
                  "format": "date-time",
                  "x-kubernetes-validations": [
                    {
                      "rule": "type(self) == google.protobuf.Timestamp",
                      "message": "a time is written as `2026-11-29T04:00:00Z`"
                    }
                  ]
                },
                "endTime": {
                  "type": "string",
                  "format": "date-time",
                  "x-kubernetes-validations": [
                    {
                      "rule": "type(self) == google.protobuf.Timestamp",
                      "message": "a time is written as `2026-11-29T04:00:00Z`"
                    }
                  ]
                },
                "reason": {
                  "type": "string",
                  "minLength": 1,
                  "maxLength": 512,
                  "pattern": "^[^\\x00-\\x1f\\x7f]*$"
                }
              },
              "x-kubernetes-validations": [
                {
                  "rule": "self.endTime > self.startTime",
                  "message": "`endTime` must be after `startTime`"
                }
              ],
              "additionalProperties": false
            },
            "x-kubernetes-list-type": "atomic"
          },
          "emergency": {
            "type": "object",
            "required": [
              "reason",
              "until"
            ],
            "properties": {
              "reason": {
                "type": "string",
                "minLength": 1,
                "maxLength": 512,
                "pattern": "^[^\\x00-\\x1f\\x7f]*$"
              },
              "until": {
                "type": "string",
                "format": "date-time",
                "x-kubernetes-validations": [
                  {
                    "rule": "type(self) == google.protobuf.Timestamp",
                    "message": "a time is written as `2026-11-29T04:00:00Z`"
                  }
                ]
              },
              "ticket": {
                "type": "string",
                "minLength": 1,
                "maxLength": 512,
                "pattern": "^[^\\x00-\\x1f\\x7f]*$"
              }
            },
            "additionalProperties": false
          },
          "suspend": {
            "type": "object",
            "required": [
              "reason"
            ],
            "properties": {
              "reason": {
                "type": "string",
                "minLength": 1,
                "maxLength": 512,
                "pattern": "^[^\\x00-\\x1f\\x7f]*$"
              },
              "until": {
                "type": "string",
                "format": "date-time",
                "x-kubernetes-validations": [
                  {
                    "rule": "type(self) == google.protobuf.Timestamp",
                    "message": "a time is written as `2026-11-29T04:00:00Z`"
                  }
                ]
              }
            },
            "additionalProperties": false
          }
        },
        "additionalProperties": false
      },
      "status": {
        "type": "object",
        "properties": {
          "nextOpenTime": {
            "type": "string",
            "format": "date-time"
          },
          "nextCloseTime": {
            "type": "string",
            "format": "date-time"
          },
          "summary": {
            "type": "string",
            "minLength": 1,
            "maxLength": 512,
            "pattern": "^[^\\x00-\\x1f\\x7f]*$"
          },
          "emergencies": {
            "type": "array",
            "maxItems": 10,
            "items": {
              "type": "object",
              "required": [
                "reason",
                "startTime",
                "until"
              ],
              "properties": {
                "reason": {
                  "type": "string",
                  "minLength": 1,
                  "maxLength": 512,
                  "pattern": "^[^\\x00-\\x1f\\x7f]*$"
                },
                "ticket": {
                  "type": "string",
                  "minLength": 1,
                  "maxLength": 512,
                  "pattern": "^[^\\x00-\\x1f\\x7f]*$"
                },
                "startTime": {
                  "type": "string",
                  "format": "date-time"
                },
                "until": {
                  "type": "string",
                  "format": "date-time"
                }
              },
              "additionalProperties": false
            },
            "x-kubernetes-list-type": "atomic"
          },
          "observedGeneration": {
            "type": "integer",
            "format": "int64"
          },
          "conditions": {
            "type": "array",
            "maxItems": 16,
            "items": {
              "type": "object",
              "required": [
                "type",
                "status",
                "lastTransitionTime",
                "reason",
                "message"
              ],
              "properties": {
                "type": {
                  "type": "string",
                  "maxLength": 316
                },
                "status": {
                  "type": "string",
                  "enum": [
                    "True",
                    "False",
                    "Unknown"
                  ]
                },
                "observedGeneration": {
                  "type": "integer",
                  "format": "int64"
                },
                "lastTransitionTime": {
                  "type": "string",
                  "format": "date-time"
                },
                "reason": {
                  "type": "string",
                  "maxLength": 1024
                },
                "message": {
                  "type": "string",
                  "maxLength": 32768
                }
              },
              "additionalProperties": false
            },
            "x-kubernetes-list-type": "map",
            "x-kubernetes-list-map-keys": [
              "type"
            ]
          }
        },
        "additionalProperties": false
      }
    },
    "additionalProperties": false
  },
  "PolicyWaiver": {
    "type": "object",
    "required": [
      "apiVersion",
      "kind",
      "metadata",
      "spec"
    ],
    "properties": {
      "apiVersion": {
        "type": "string",
        "enum": [
          "holdfast.dev/v1alpha1"
        ]
      },
      "kind": {
        "type": "string",
        "enum": [
          "PolicyWaiver"
        ]
      },
      "metadata": {
        "type": "object"
      },
      "spec": {
        "type": "object",
        "required": [
          "source",
          "checks",
          "targets",
          "reason",
          "requestedBy",
          "expiryTime"
        ],
        "properties": {
          "source": {
            "type": "object",
            "required": [
              "kind",
              "name"
            ],
            "properties": {
              "kind": {
                "type": "string",
                "enum": [
                  "ClusterBaseline",
                  "DeviceBaseline"
                ]
              },
              "name": {
                "type": "string",
                "minLength": 1,
                "maxLength": 253,
                "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"
              }
            },
            "additionalProperties": false
          },
          "checks": {
            "type": "array",
            "minItems": 1,
            "maxItems": 50,
            "items": {
              "type": "string",
              "minLength": 1,
              "maxLength": 63,
              "pattern": "^([a-z0-9]([-a-z0-9]*[a-z0-9])?|[*])$"
            },
            "x-kubernetes-list-type": "set"
          },
          "targets": {
            "type": "object",
            "properties": {
              "names": {
                "type": "array",
                "minItems": 1,
                "maxItems": 100,
                "items": {
                  "type": "string",
                  "minLength": 1,
                  "maxLength": 253,
                  "pattern": "^([A-Za-z0-9]([-A-Za-z0-9.:]*[A-Za-z0-9])?|[*])$"
                },
                "x-kubernetes-list-type": "set"
              },
              "selector": {
                "type": "object",
                "properties": {
                  "matchLabels": {
                    "type": "object",
                    "maxProperties": 32,
                    "additionalProperties": {
                      "type": "string",
                      "maxLength": 63,
                      "pattern": "^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$"
                    },
                    "x-kubernetes-validations": [
                      {
                        "rule": "self.all(key, size(key) <= 317 && key.indexOf('/') <= 253 && key.matches('^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*[/])?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$'))",
                        "message": "a label key must consist of letters, digits and `-_.`, optionally after a domain and `/`"
                      }
                    ]
                  },
                  "matchExpressions": {
                    "type": "array",
                    "maxItems": 32,
                    "items": {
                      "type": "object",
                      "required": [
                        "key",
                        "operator"
                      ],
                      "properties": {
                        "key": {
                          "type": "string",
                          "maxLength": 317,
                          "pattern": "^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*[/])?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$"
                        },
                        "operator": {
                          "type": "string",
                          "enum": [
                            "In",
                            "NotIn",
                            "Exists",
                            "DoesNotExist"
                          ]
                        },
                        "values": {
                          "type": "array",
                          "maxItems": 64,
                          "items": {
                            "type": "string",
                            "maxLength": 63,
                            "pattern": "^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$"
                          },
                          "x-kubernetes-list-type": "atomic"
                        }
                      },
                      "x-kubernetes-validations": [
                        {
                          "rule": "self.key.indexOf('/') <= 253",
                          "message": "the domain of a label key must have at most 253 characters"
                        },
                        {
                          "rule": "self.operator in ['In', 'NotIn'] ? has(self.values) && size(self.values) > 0 : !has(self.values) || size(self.values) == 0",
                          "message": "`In` and `NotIn` require `values`; `Exists` and `DoesNotExist` must have none"
                        }
                      ],
                      "additionalProperties": false
                    },
                    "x-kubernetes-list-type": "atomic"
                  }
                },
                "additionalProperties": false
              },
              "namespaces": {
                "type": "array",
                "minItems": 1,
                "maxItems": 100,
                "items": {
                  "type": "string",
                  "minLength": 1,
                  "maxLength": 63,
                  "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"
                },
                "x-kubernetes-list-type": "set"
              }
            },
            "x-kubernetes-validations": [
              {
                "rule": "has(self.names) || has(self.selector) || has(self.namespaces)",
                "message": "set `names`, `selector` or `namespaces`"
              }
            ],
            "additionalProperties": false
          },
          "reason": {
            "type": "string",
            "minLength": 1,
            "maxLength": 2048
          },
          "risk": {
            "type": "string",
            "minLength": 1,
            "maxLength": 2048
          },
          "ticket": {
            "type": "string",
            "minLength": 1,
            "maxLength": 512,
            "pattern": "^[^\\x00-\\x1f\\x7f]*$"
          },
          "compensatingControls": {
            "type": "array",
            "maxItems": 16,
            "items": {
              "type": "string",
              "minLength": 1,
              "maxLength": 2048
            },
            "x-kubernetes-list-type": "atomic"
          },
          "requestedBy": {
            "type": "string",
            "minLength": 1,
            "maxLength": 253
          },
          "submittedBy": {
            "type": "string",
            "minLength": 1,
            "maxLength": 253
          },
          "effectiveTime": {
            "type": "string",
            "format": "date-time",
            "x-kubernetes-validations": [
              {
                "rule": "type(self) == google.protobuf.Timestamp",
                "message": "a time is written as `2026-11-29T04:00:00Z`"
              }
            ]
          },
          "expiryTime": {
            "type": "string",
            "format": "date-time",
            "x-kubernetes-validations": [
              {
                "rule": "type(self) == google.protobuf.Timestamp",
                "message": "a time is written as `2026-11-29T04:00:00Z`"
              }
            ]
          },
          "closurePlan": {
            "type": "object",
            "required": [
              "tasks"
            ],
            "properties": {
              "tasks": {
                "type": "array",
                "minItems": 1,
                "maxItems": 32,
                "items": {
                  "type": "object",
                  "required": [
                    "name",
                    "owner"
                  ],
                  "properties": {
                    "name": {
                      "type": "string",
                      "minLength": 1,
                      "maxLength": 63,
                      "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"
                    },
                    "owner": {
                      "type": "string",
                      "minLength": 1,
                      "maxLength": 512,
                      "pattern": "^[^\\x00-\\x1f\\x7f]*$"
                    },
                    "dueTime": {
                      "type": "string",
                      "format": "date-time",
                      "x-kubernetes-validations": [
                        {
                          "rule": "type(self) == google.protobuf.Timestamp",
                          "message": "a time is written as `2026-11-29T04:00:00Z`"
                        }
                      ]
                    },
                    "done": {
                      "type": "boolean"
                    }
                  },
                  "additionalProperties": false
                },
                "x-kubernetes-list-type": "map",
                "x-kubernetes-list-map-keys": [
                  "name"
                ]
              }
            },
            "additionalProperties": false
          },
          "breakGlass": {
            "type": "object",
            "required": [
              "reason"
            ],
            "properties": {
              "reason": {
                "type": "string",
                "minLength": 1,
                "maxLength": 2048
              }
            },
            "additionalProperties": false
          }
        },
        "x-kubernetes-validations": [
          {
            "rule": "has(self.breakGlass) || !self.checks.exists(check, check == '*')",
            "message": "`checks: [\"*\"]` waives everything; name the checks, or use `breakGlass` in an emergency"
          },
          {
            "rule": "has(self.breakGlass) || !has(self.targets.names) || !self.targets.names.exists(name, name == '*')",
            "message": "`targets.names: [\"*\"]` waives every target; name them, select them, or use `breakGlass` in an emergency"
          },
          {
            "rule": "has(self.breakGlass) || !has(self.targets.selector) || (has(self.targets.selector.matchLabels) && size(self.targets.selector.matchLabels) > 0) || (has(self.targets.selector.matchExpressions) && size(self.targets.selector.matchExpressions) > 0)",
            "message": "an empty `targets.selector` waives every target; set labels, or use `breakGlass` in an emergency"
          },
          {
            "rule": "!has(self.targets.selector) || self.source.kind != 'ClusterBaseline'",
            "message": "`targets.selector` is for Devices; select cluster objects by `names` and `namespaces`"
          },
          {
            "rule": "!has(self.targets.namespaces) || self.source.kind != 'DeviceBaseline'",
            "message": "`targets.namespaces` is for cluster objects; select Devices by `names` or `selector`"
          },
          {
            "rule": "!has(self.effectiveTime) || self.expiryTime > self.effectiveTime",
            "message": "`expiryTime` must be after `effectiveTime`"
          }
        ],
        "additionalProperties": false
      },
      "status": {
        "type": "object",
        "properties": {
          "digest": {
            "type": "string",
            "maxLength": 71,
            "pattern": "^sha256:[0-9a-f]{64}$",
            "patternMessage": "a digest must be `sha256:` followed by 64 lowercase hexadecimal digits"
          },
          "decision": {
            "type": "string",
            "enum": [
              "Pending",
              "InfoRequested",
              "Approved",
              "Rejected",
              "Overdue"
            ]
          },
          "summary": {
            "type": "string",
            "minLength": 1,
            "maxLength": 512,
            "pattern": "^[^\\x00-\\x1f\\x7f]*$"
          },
          "requestTime": {
            "type": "string",
            "format": "date-time"
          },
          "decisionDueTime": {
            "type": "string",
            "format": "date-time"
          },
          "required": {
            "type": "object",
            "required": [
              "approvals",
              "maxDays"
            ],
            "properties": {
              "approvals": {
                "type": "integer",
                "format": "int32"
              },
              "roles": {
                "type": "array",
                "maxItems": 100,
                "items": {
                  "type": "string",
                  "minLength": 1,
                  "maxLength": 40,
                  "pattern": "^[a-z]([-a-z0-9]*[a-z0-9])?$",
                  "patternMessage": "a role must consist of lowercase letters, digits and `-`, and begin with a letter"
                },
                "x-kubernetes-list-type": "atomic"
              },
              "maxDays": {
                "type": "integer",
                "format": "int32"
              }
            },
            "additionalProperties": false
          },
          "informationRequestedTime": {
            "type": "string",
            "format": "date-time"
          },
          "pauses": {
            "type": "array",
            "maxItems": 16,
            "items": {
              "type": "object",
              "required": [
                "startTime",
                "endTime"
              ],
              "properties": {
                "startTime": {
                  "type": "string",
                  "format": "date-time"
                },
                "endTime": {
                  "type": "string",
                  "format": "date-time"
                }
              },
              "additionalProperties": false
            },
            "x-kubernetes-list-type": "atomic"
          },
          "approvals": {
            "type": "array",
            "maxItems": 16,
            "items": {
              "type": "object",
              "required": [
                "name",
                "approver",
                "decision",
                "time"
              ],
              "properties": {
                "name": {
                  "type": "string",
                  "minLength": 1,
                  "maxLength": 253,
                  "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"
                },
                "approver": {
                  "type": "string",
                  "minLength": 1,
                  "maxLength": 253
                },
                "role": {
                  "type": "string",
                  "minLength": 1,
                  "maxLength": 512,
                  "pattern": "^[^\\x00-\\x1f\\x7f]*$"
                },
                "decision": {
                  "type": "string",
                  "enum": [
                    "Approve",
                    "Reject",
                    "RequestInformation"
                  ]
                },
                "time": {
                  "type": "string",
                  "format": "date-time"
                }
              },
              "additionalProperties": false
            },
            "x-kubernetes-list-type": "atomic"
          },
          "approved": {
            "type": "object",
            "required": [
              "digest",
              "time"
            ],
            "properties": {
              "digest": {
                "type": "string",
                "maxLength": 71,
                "pattern": "^sha256:[0-9a-f]{64}$",
                "patternMessage": "a digest must be `sha256:` followed by 64 lowercase hexadecimal digits"
              },
              "time": {
                "type": "string",
                "format": "date-time"
              }
            },
            "additionalProperties": false
          },
          "breakGlassTime": {
            "type": "string",
            "format": "date-time"
          },
          "breakGlassEndTime": {
            "type": "string",
            "format": "date-time"
          },
          "ended": {
            "type": "object",
            "required": [
              "digest",
              "time"
            ],
            "properties": {
              "digest": {
                "type": "string",
                "maxLength": 71,
                "pattern": "^sha256:[0-9a-f]{64}$",
                "patternMessage": "a digest must be `sha256:` followed by 64 lowercase hexadecimal digits"
              },
              "time": {
                "type": "string",
                "format": "date-time"
              }
            },
            "additionalProperties": false
          },
          "renewals": {
            "type": "integer",
            "format": "int32"
          },
          "approvedExpiryTime": {
            "type": "string",
            "format": "date-time"
          },
          "matchedFindings": {
            "type": "integer",
            "format": "int32"
          },
          "accepted": {
            "type": "array",
            "maxItems": 500,
            "items": {
              "type": "object",
              "required": [
                "target",
                "check",
                "fingerprint"
              ],
              "properties": {
                "target": {
                  "type": "string",
                  "maxLength": 600
                },
                "check": {
                  "type": "string",
                  "minLength": 1,
                  "maxLength": 63,
                  "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"
                },
                "fingerprint": {
                  "type": "string",
                  "maxLength": 71,
                  "pattern": "^sha256:[0-9a-f]{64}$",
                  "patternMessage": "a digest must be `sha256:` followed by 64 lowercase hexadecimal digits"
                }
              },
              "additionalProperties": false
            },
            "x-kubernetes-list-type": "atomic"
          },
          "needsReview": {
            "type": "array",
            "maxItems": 20,
            "items": {
              "type": "object",
              "required": [
                "target",
                "check",
                "fingerprint"
              ],
              "properties": {
                "target": {
                  "type": "string",
                  "maxLength": 600
                },
                "check": {
                  "type": "string",
                  "minLength": 1,
                  "maxLength": 63,
                  "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"
                },
                "fingerprint": {
                  "type": "string",
                  "maxLength": 71,
                  "pattern": "^sha256:[0-9a-f]{64}$",
                  "patternMessage": "a digest must be `sha256:` followed by 64 lowercase hexadecimal digits"
                }
              },
              "additionalProperties": false
            },
            "x-kubernetes-list-type": "atomic"
          },
          "closure": {
            "type": "string",
            "minLength": 1,
            "maxLength": 512,
            "pattern": "^[^\\x00-\\x1f\\x7f]*$"
          },
          "admission": {
            "type": "object",
            "required": [
              "generation",
              "digest",
              "checked",
              "policies"
            ],
            "properties": {
              "generation": {
                "type": "integer",
                "format": "int64"
              },
              "digest": {
                "type": "string",
                "maxLength": 71,
                "pattern": "^sha256:[0-9a-f]{64}$",
                "patternMessage": "a digest must be `sha256:` followed by 64 lowercase hexadecimal digits"
              },
              "checked": {
                "type": "boolean"
              },
              "policies": {
                "type": "string",
                "maxLength": 71,
                "pattern": "^sha256:[0-9a-f]{64}$",
                "patternMessage": "a digest must be `sha256:` followed by 64 lowercase hexadecimal digits"
              }
            },
            "additionalProperties": false
          },
          "seal": {
            "type": "string",
            "maxLength": 64,
            "pattern": "^[0-9a-f]{64}$"
          },
          "observedGeneration": {
            "type": "integer",
            "format": "int64"
          },
          "conditions": {
            "type": "array",
            "maxItems": 16,
            "items": {
              "type": "object",
              "required": [
                "type",
                "status",
                "lastTransitionTime",
                "reason",
                "message"
              ],
              "properties": {
                "type": {
                  "type": "string",
                  "maxLength": 316
                },
                "status": {
                  "type": "string",
                  "enum": [
                    "True",
                    "False",
                    "Unknown"
                  ]
                },
                "observedGeneration": {
                  "type": "integer",
                  "format": "int64"
                },
                "lastTransitionTime": {
                  "type": "string",
                  "format": "date-time"
                },
                "reason": {
                  "type": "string",
                  "maxLength": 1024
                },
                "message": {
                  "type": "string",
                  "maxLength": 32768
                }
              },
              "additionalProperties": false
            },
            "x-kubernetes-list-type": "map",
            "x-kubernetes-list-map-keys": [
              "type"
            ]
          }
        },
        "additionalProperties": false
      }
    },
    "additionalProperties": false
  },
  "ServiceLevelObjective": {
    "type": "object",
    "required": [
      "apiVersion",
      "kind",
      "metadata",
      "spec"
    ],
    "properties": {
      "apiVersion": {
        "type": "string",
        "enum": [
          "holdfast.dev/v1alpha1"
        ]
      },
      "kind": {
        "type": "string",
        "enum": [
          "ServiceLevelObjective"
        ]
      },
      "metadata": {
        "type": "object"
      },
      "spec": {
        "type": "object",
        "required": [
          "indicator",
          "objectivePercent"
        ],
        "properties": {
          "server": {
            "type": "string",
            "minLength": 1,
            "maxLength": 63,
            "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"
          },
          "indicator": {
            "type": "object",
            "properties": {
              "ratio": {
                "type": "object",
                "required": [
                  "total"
                ],
                "properties": {
                  "errors": {
                    "type": "string",
                    "minLength": 1,
                    "maxLength": 512,
                    "pattern": "^[a-zA-Z_:][a-zA-Z0-9_:]*([{] *([a-zA-Z_][a-zA-Z0-9_]* *(=|!=|=~|!~) *\"([^\"\\\\\\x00-\\x1f\\x7f]|\\\\[\"\\\\nt])*\"( *, *[a-zA-Z_][a-zA-Z0-9_]* *(=|!=|=~|!~) *\"([^\"\\\\\\x00-\\x1f\\x7f]|\\\\[\"\\\\nt])*\")* *,? *)?[}])?$",
                    "patternMessage": "must be one selector, such as `http_requests_total{job=\"web\",code=~\"5..\"}`: a metric name and matchers, without functions, ranges or operators"
                  },
                  "good": {
                    "type": "string",
                    "minLength": 1,
                    "maxLength": 512,
                    "pattern": "^[a-zA-Z_:][a-zA-Z0-9_:]*([{] *([a-zA-Z_][a-zA-Z0-9_]* *(=|!=|=~|!~) *\"([^\"\\\\\\x00-\\x1f\\x7f]|\\\\[\"\\\\nt])*\"( *, *[a-zA-Z_][a-zA-Z0-9_]* *(=|!=|=~|!~) *\"([^\"\\\\\\x00-\\x1f\\x7f]|\\\\[\"\\\\nt])*\")* *,? *)?[}])?$",
                    "patternMessage": "must be one selector, such as `http_requests_total{job=\"web\",code=~\"5..\"}`: a metric name and matchers, without functions, ranges or operators"
                  },
                  "total": {
                    "type": "string",
                    "minLength": 1,
                    "maxLength": 512,
                    "pattern": "^[a-zA-Z_:][a-zA-Z0-9_:]*([{] *([a-zA-Z_][a-zA-Z0-9_]* *(=|!=|=~|!~) *\"([^\"\\\\\\x00-\\x1f\\x7f]|\\\\[\"\\\\nt])*\"( *, *[a-zA-Z_][a-zA-Z0-9_]* *(=|!=|=~|!~) *\"([^\"\\\\\\x00-\\x1f\\x7f]|\\\\[\"\\\\nt])*\")* *,? *)?[}])?$",
                    "patternMessage": "must be one selector, such as `http_requests_total{job=\"web\",code=~\"5..\"}`: a metric name and matchers, without functions, ranges or operators"
                  }
                },
                "x-kubernetes-validations": [
                  {
                    "rule": "has(self.errors) != has(self.good)",
                    "message": "set exactly one of `errors` and `good`"
                  }
                ],
                "additionalProperties": false
              },
              "latency": {
                "type": "object",
                "required": [
                  "histogram",
                  "thresholdSeconds"
                ],
                "properties": {
                  "histogram": {
                    "type": "string",
                    "minLength": 1,
                    "maxLength": 512,
                    "pattern": "^[a-zA-Z_:][a-zA-Z0-9_:]*([{] *([a-zA-Z_][a-zA-Z0-9_]* *(=|!=|=~|!~) *\"([^\"\\\\\\x00-\\x1f\\x7f]|\\\\[\"\\\\nt])*\"( *, *[a-zA-Z_][a-zA-Z0-9_]* *(=|!=|=~|!~) *\"([^\"\\\\\\x00-\\x1f\\x7f]|\\\\[\"\\\\nt])*\")* *,? *)?[}])?$",
                    "patternMessage": "must be one selector, such as `http_requests_total{job=\"web\",code=~\"5..\"}`: a metric name and matchers, without functions, ranges or operators"
                  },
                  "thresholdSeconds": {
                    "type": "string",
                    "minLength": 1,
                    "maxLength": 16,
                    "pattern": "^[0-9]{1,6}(\\.[0-9]{1,9})?$",
                    "patternMessage": "a duration must be written in seconds, as text, such as \"0.35\"",
                    "x-kubernetes-validations": [
                      {
                        "rule": "double(self) > 0.0",
                        "message": "`thresholdSeconds` must be greater than 0"
                      }
                    ]
                  },
                  "type": {
                    "type": "string",
                    "enum": [
                      "Classic",
                      "Native"
                    ]
                  }
                },
                "x-kubernetes-validations": [
                  {
                    "rule": "!self.histogram.matches('[{,][ ]*le[ ]*(=|!)')",
                    "message": "`histogram` must not select by the label `le`; set `thresholdSeconds`"
                  }
                ],
                "additionalProperties": false
              }
            },
            "x-kubernetes-validations": [
              {
                "rule": "has(self.ratio) != has(self.latency)",
                "message": "set exactly one of `ratio` and `latency`"
              }
            ],
            "additionalProperties": false
          },
          "objectivePercent": {
            "type": "string",
            "minLength": 1,
            "maxLength": 9,
            "pattern": "^(0|[1-9][0-9]?)(\\.[0-9]{1,6})?$",
            "patternMessage": "must be a percentage below 100, written as text, such as \"99.9\"; 100 would leave no error budget",
            "x-kubernetes-validations": [
              {
                "rule": "double(self) > 1.0",
                "message": "must be more than 1: it is in percent, such as \"99.9\" for a share of 0.999"
              }
            ]
          },
          "windowDays": {
            "type": "integer",
            "format": "int32",
            "minimum": 1,
            "maximum": 90
          },
          "alerting": {
            "type": "object",
            "properties": {
              "disabled": {
                "type": "boolean"
              },
              "names": {
                "type": "object",
                "properties": {
                  "page": {
                    "type": "string",
                    "minLength": 1,
                    "maxLength": 63,
                    "pattern": "^[a-zA-Z_][a-zA-Z0-9_]*$"
                  },
                  "ticket": {
                    "type": "string",
                    "minLength": 1,
                    "maxLength": 63,
                    "pattern": "^[a-zA-Z_][a-zA-Z0-9_]*$"
                  },
                  "noData": {
                    "type": "string",
                    "minLength": 1,
                    "maxLength": 63,
                    "pattern": "^[a-zA-Z_][a-zA-Z0-9_]*$"
                  }
                },
                "additionalProperties": false
              },
              "labels": {
                "type": "object",
                "maxProperties": 16,
                "additionalProperties": {
                  "type": "string",
                  "maxLength": 512,
                  "pattern": "^[^\\x00-\\x1f\\x7f]*$"
                },
                "x-kubernetes-validations": [
                  {
                    "rule": "self.all(key, key.matches('^[a-zA-Z_][a-zA-Z0-9_]{0,62}$') && !key.startsWith('__'))",
                    "message": "a label of an alert must consist of letters, digits and `_`"
                  },
                  {
                    "rule": "self.all(key, !(key in ['alertname', 'severity', 'slo', 'namespace', 'resource_namespace', 'window']))",
                    "message": "the labels `alertname`, `severity`, `slo`, `namespace`, `resource_namespace` and `window` are set by Holdfast"
                  },
                  {
                    "rule": "self.all(key, !self[key].contains('{{'))",
                    "message": "templates are not allowed"
                  }
                ]
              },
              "annotations": {
                "type": "object",
                "maxProperties": 16,
                "additionalProperties": {
                  "type": "string",
                  "maxLength": 512,
                  "pattern": "^[^\\x00-\\x1f\\x7f]*$"
                },
                "x-kubernetes-validations": [
                  {
                    "rule": "self.all(key, key.matches('^[a-zA-Z_][a-zA-Z0-9_]{0,62}$'))",
                    "message": "an annotation of an alert must consist of letters, digits and `_`"
                  },
                  {
                    "rule": "self.all(key, !self[key].contains('{{'))",
                    "message": "templates are not allowed"
                  }
                ]
              }
            },
            "additionalProperties": false
          },
          "rules": {
            "type": "object",
            "properties": {
              "disabled": {
                "type": "boolean"
              },
              "labels": {
                "type": "object",
                "maxProperties": 32,
                "additionalProperties": {
                  "type": "string",
                  "maxLength": 63,
                  "pattern": "^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$"
                },
                "x-kubernetes-validations": [
                  {
                    "rule": "self.all(key, size(key) <= 317 && key.indexOf('/') <= 253 && key.matches('^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*[/])?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$'))",
                    "message": "a label key must consist of letters, digits and `-_.`, optionally after a domain and `/`"
                  }
                ]
              }
            },
            "additionalProperties": false
          },
          "minSamples": {
            "type": "integer",
            "format": "int32",
            "minimum": 1,
            "maximum": 1000000000
          },
          "intervalSeconds": {
            "type": "integer",
            "format": "int32",
            "minimum": 10,
            "maximum": 3600
          },
          "suspend": {
            "type": "object",
            "required": [
              "reason"
            ],
            "properties": {
              "reason": {
                "type": "string",
                "minLength": 1,
                "maxLength": 512,
                "pattern": "^[^\\x00-\\x1f\\x7f]*$"
              },
              "until": {
                "type": "string",
                "format": "date-time",
                "x-kubernetes-validations": [
                  {
                    "rule": "type(self) == google.protobuf.Timestamp",
                    "message": "a time is written as `2026-11-29T04:00:00Z`"
                  }
                ]
              }
            },
            "additionalProperties": false
          }
        },
        "additionalProperties": false
      },
      "status": {
        "type": "object",
        "properties": {
          "attainmentPercent": {
            "type": "string",
            "minLength": 1,
            "maxLength": 24,
            "pattern": "^-?[0-9]{1,12}(\\.[0-9]{1,9})?$",
            "patternMessage": "a number must be written as text, such as \"0.35\""
          },
          "errorBudgetRemainingPercent": {
            "type": "string",
            "minLength": 1,
            "maxLength": 24,
            "pattern": "^-?[0-9]{1,12}(\\.[0-9]{1,9})?$",
            "patternMessage": "a number must be written as text, such as \"0.35\""
          },
          "burnRates": {
            "type": "array",
            "maxItems": 10,
            "items": {
              "type": "object",
              "required": [
                "window",
                "rate",
                "samples"
              ],
              "properties": {
                "window": {
                  "type": "string",
                  "maxLength": 8
                },
                "rate": {
                  "type": "string",
                  "minLength": 1,
                  "maxLength": 24,
                  "pattern": "^-?[0-9]{1,12}(\\.[0-9]{1,9})?$",
                  "patternMessage": "a number must be written as text, such as \"0.35\""
                },
                "samples": {
                  "type": "integer",
                  "format": "int64"
                }
              },
              "additionalProperties": false
            },
            "x-kubernetes-list-type": "map",
            "x-kubernetes-list-map-keys": [
              "window"
            ]
          },
          "alerts": {
            "type": "array",
            "maxItems": 4,
            "items": {
              "type": "object",
              "required": [
                "severity",
                "longWindow",
                "shortWindow",
                "factor",
                "state"
              ],
              "properties": {
                "severity": {
                  "type": "string",
                  "enum": [
                    "Page",
                    "Ticket"
                  ]
                },
                "longWindow": {
                  "type": "string",
                  "maxLength": 8
                },
                "shortWindow": {
                  "type": "string",
                  "maxLength": 8
                },
                "factor": {
                  "type": "string",
                  "minLength": 1,
                  "maxLength": 24,
                  "pattern": "^-?[0-9]{1,12}(\\.[0-9]{1,9})?$",
                  "patternMessage": "a number must be written as text, such as \"0.35\""
                },
                "state": {
                  "type": "string",
                  "enum": [
                    "Quiet",
                    "Burning",
                    "Unknown",
                    "Unreachable",
                    "WithinBudget",
                    "TooLong"
                  ]
                },
                "leastSamples": {
                  "type": "integer",
                  "format": "int64"
                }
              },
              "additionalProperties": false
            },
            "x-kubernetes-list-type": "map",
            "x-kubernetes-list-map-keys": [
              "longWindow"
            ]
          },
          "exhaustionTime": {
            "type": "string",
            "format": "date-time"
          },
          "samples": {
            "type": "integer",
            "format": "int64"
          },
          "quality": {
            "type": "array",
            "maxItems": 16,
            "items": {
              "type": "object",
              "required": [
                "reason",
                "message"
              ],
              "properties": {
                "reason": {
                  "type": "string",
                  "minLength": 1,
                  "maxLength": 512,
                  "pattern": "^[^\\x00-\\x1f\\x7f]*$"
                },
                "message": {
                  "type": "string",
                  "minLength": 1,
                  "maxLength": 512,
                  "pattern": "^[^\\x00-\\x1f\\x7f]*$"
                }
              },
              "additionalProperties": false
            },
            "x-kubernetes-list-type": "atomic"
          },
          "interval": {
            "type": "object",
            "required": [
              "lowPercent",
              "highPercent"
            ],
            "properties": {
              "lowPercent": {
                "type": "string",
                "minLength": 1,
                "maxLength": 24,
                "pattern": "^-?[0-9]{1,12}(\\.[0-9]{1,9})?$",
                "patternMessage": "a number must be written as text, such as \"0.35\""
              },
              "highPercent": {
                "type": "string",
                "minLength": 1,
                "maxLength": 24,
                "pattern": "^-?[0-9]{1,12}(\\.[0-9]{1,9})?$",
                "patternMessage": "a number must be written as text, such as \"0.35\""
              }
            },
            "additionalProperties": false
          },
          "observedTime": {
            "type": "string",
            "format": "date-time"
          },
          "budgetTime": {
            "type": "string",
            "format": "date-time"
          },
          "revision": {
            "type": "string",
            "maxLength": 71,
            "pattern": "^sha256:[0-9a-f]{64}$",
            "patternMessage": "a digest must be `sha256:` followed by 64 lowercase hexadecimal digits"
          },
          "rules": {
            "type": "object",
            "required": [
              "kind",
              "name",
              "digest",
              "count"
            ],
            "properties": {
              "kind": {
                "type": "string",
                "enum": [
                  "PrometheusRule",
                  "ConfigMap"
                ]
              },
              "name": {
                "type": "string",
                "minLength": 1,
                "maxLength": 253,
                "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"
              },
              "digest": {
                "type": "string",
                "maxLength": 71,
                "pattern": "^sha256:[0-9a-f]{64}$",
                "patternMessage": "a digest must be `sha256:` followed by 64 lowercase hexadecimal digits"
              },
              "count": {
                "type": "integer",
                "format": "int32"
              }
            },
            "additionalProperties": false
          },
          "summary": {
            "type": "string",
            "minLength": 1,
            "maxLength": 512,
            "pattern": "^[^\\x00-\\x1f\\x7f]*$"
          },
          "seal": {
            "type": "string",
            "maxLength": 64,
            "pattern": "^[0-9a-f]{64}$"
          },
          "observedGeneration": {
            "type": "integer",
            "format": "int64"
          },
          "conditions": {
            "type": "array",
            "maxItems": 16,
            "items": {
              "type": "object",
              "required": [
                "type",
                "status",
                "lastTransitionTime",
                "reason",
                "message"
              ],
              "properties": {
                "type": {
                  "type": "string",
                  "maxLength": 316
                },
                "status": {
                  "type": "string",
                  "enum": [
                    "True",
                    "False",
                    "Unknown"
                  ]
                },
                "observedGeneration": {
                  "type": "integer",
                  "format": "int64"
                },
                "lastTransitionTime": {
                  "type": "string",
                  "format": "date-time"
                },
                "reason": {
                  "type": "string",
                  "maxLength": 1024
                },
                "message": {
                  "type": "string",
                  "maxLength": 32768
                }
              },
              "additionalProperties": false
            },
            "x-kubernetes-list-type": "map",
            "x-kubernetes-list-map-keys": [
              "type"
            ]
          }
        },
        "additionalProperties": false
      }
    },
    "additionalProperties": false
  }
};
